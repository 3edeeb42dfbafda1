package dev.sluice.shared.web;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.util.Arrays;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/** Reads a request's body into memory within a bound. */
public final class BoundedBody {

    private BoundedBody() {}

    /**
     * The whole body, an empty array when there is none.
     *
     * @param maxBytes the most bytes to take; a body announced longer is not read at all, one that turns out longer not
     *     any further: both give {@link ProblemType#PAYLOAD_TOO_LARGE}. Received buffers are released in any case.
     */
    public static Mono<byte[]> read(ServerHttpRequest request, int maxBytes) {
        long announced = request.getHeaders().getContentLength();
        if (announced > maxBytes) {
            return Mono.error(() -> tooLarge(maxBytes));
        }
        return Mono.defer(() -> {
            Taken taken = new Taken(maxBytes, announced < 0 ? maxBytes : (int) announced);
            return request.getBody().doOnNext(taken::add).then(Mono.fromSupplier(taken::bytes));
        });
    }

    static SluiceException tooLarge(Throwable cause) {
        return new SluiceException(ProblemType.PAYLOAD_TOO_LARGE, "Send less in one request.", cause);
    }

    private static SluiceException tooLarge(int maxBytes) {
        return new SluiceException(ProblemType.PAYLOAD_TOO_LARGE, "The body may have at most " + maxBytes + " bytes.");
    }

    /**
     * What has come so far. Memory grows with it, since what is announced may never come, by doubling, since it may come
     * byte by byte; so there is never more than twice what was announced, or than the bound when nothing was. Most bodies
     * come in one part and are copied once. One thread at a time.
     */
    private static final class Taken {

        private final int maxBytes;
        private final int expected;
        private byte[] bytes = {};
        private int length;

        Taken(int maxBytes, int expected) {
            this.maxBytes = maxBytes;
            this.expected = expected;
        }

        void add(DataBuffer buffer) {
            try {
                int more = buffer.readableByteCount();
                if (more > maxBytes - length) {
                    throw tooLarge(maxBytes);
                }
                if (more > bytes.length - length) {
                    long doubled = Math.min(2L * length, expected);
                    bytes = Arrays.copyOf(bytes, (int) Math.max(doubled, length + more));
                }
                buffer.read(bytes, length, more);
                length += more;
            } finally {
                DataBufferUtils.release(buffer);
            }
        }

        byte[] bytes() {
            return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        }
    }
}

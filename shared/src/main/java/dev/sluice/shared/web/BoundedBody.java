package dev.sluice.shared.web;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Reads a request's body into memory within a bound. */
public final class BoundedBody {

    /** So much beyond the bound, and for so long, is read and dropped: a client that still sends does not see the answer. */
    static final int MAX_DROPPED = 256 * 1024;

    /** What is announced may never come: memory grows with what has come. */
    private static final int FIRST_ROOM = 8 * 1024;

    private static final Duration DROPPING = Duration.ofSeconds(1);

    private BoundedBody() {}

    /**
     * The whole body, an empty array when there is none.
     *
     * @param maxBytes the most bytes to take; a body announced longer is not read at all, one that turns out longer is
     *     read on for a moment and dropped: both give {@link ProblemType#PAYLOAD_TOO_LARGE}. Received buffers are
     *     released in any case.
     */
    public static Mono<byte[]> read(ServerHttpRequest request, int maxBytes) {
        long announced = request.getHeaders().getContentLength();
        if (announced > maxBytes) {
            return Mono.error(() -> tooLarge(maxBytes));
        }
        return Mono.defer(() -> {
            Taken taken = new Taken(maxBytes, Math.clamp(announced, 0, FIRST_ROOM));
            return request.getBody()
                    .doOnNext(taken::add)
                    .takeUntil(buffer -> taken.dropped() > MAX_DROPPED)
                    .takeUntilOther(taken.overflow().then(Mono.delay(DROPPING)))
                    .then(Mono.fromSupplier(taken::bytes));
        });
    }

    static SluiceException tooLarge(Throwable cause) {
        return new SluiceException(ProblemType.PAYLOAD_TOO_LARGE, "Send less in one request.", cause);
    }

    private static SluiceException tooLarge(int maxBytes) {
        return new SluiceException(ProblemType.PAYLOAD_TOO_LARGE, "The body may have at most " + maxBytes + " bytes.");
    }

    /** What has come so far; once it is more than the bound, only its length. One thread at a time. */
    private static final class Taken {

        private final int maxBytes;
        private final ByteArrayOutputStream bytes;
        private final Sinks.Empty<Void> overflow = Sinks.empty();
        private long length;

        Taken(int maxBytes, int room) {
            this.maxBytes = maxBytes;
            this.bytes = new ByteArrayOutputStream(room);
        }

        void add(DataBuffer buffer) {
            try {
                boolean fits = length + buffer.readableByteCount() <= maxBytes;
                length += buffer.readableByteCount();
                if (fits) {
                    byte[] part = new byte[buffer.readableByteCount()];
                    buffer.read(part);
                    bytes.writeBytes(part);
                } else if (overflow.tryEmitEmpty().isSuccess()) {
                    bytes.reset();
                }
            } finally {
                DataBufferUtils.release(buffer);
            }
        }

        long dropped() {
            return length - maxBytes;
        }

        /** Completes when there is more than the bound. */
        Mono<Void> overflow() {
            return overflow.asMono();
        }

        byte[] bytes() {
            if (length > maxBytes) {
                throw tooLarge(maxBytes);
            }
            return bytes.toByteArray();
        }
    }
}

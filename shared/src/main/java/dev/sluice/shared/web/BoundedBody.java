package dev.sluice.shared.web;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/** Reads a request's body into memory within a bound. */
public final class BoundedBody {

    private static final byte[] EMPTY = {};

    private BoundedBody() {}

    /**
     * The whole body, an empty array when there is none.
     *
     * @param maxBytes the most bytes to read; a body announced longer is not read at all, one that turns out longer is
     *     read up to the bound: both give {@link ProblemType#PAYLOAD_TOO_LARGE}. Received buffers are released then,
     *     and on any other error and on cancellation.
     */
    public static Mono<byte[]> read(ServerHttpRequest request, int maxBytes) {
        if (request.getHeaders().getContentLength() > maxBytes) {
            return Mono.error(() -> tooLarge(maxBytes, null));
        }
        return DataBufferUtils.join(request.getBody(), maxBytes)
                .map(BoundedBody::copyAndRelease)
                .defaultIfEmpty(EMPTY)
                .onErrorMap(DataBufferLimitException.class, error -> tooLarge(maxBytes, error));
    }

    static SluiceException tooLarge(Throwable cause) {
        return new SluiceException(ProblemType.PAYLOAD_TOO_LARGE, "Send less in one request.", cause);
    }

    private static SluiceException tooLarge(int maxBytes, @Nullable Throwable cause) {
        String detail = "The body may have at most " + maxBytes + " bytes.";
        return cause == null
                ? new SluiceException(ProblemType.PAYLOAD_TOO_LARGE, detail)
                : new SluiceException(ProblemType.PAYLOAD_TOO_LARGE, detail, cause);
    }

    private static byte[] copyAndRelease(DataBuffer buffer) {
        try {
            byte[] bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }
}

package dev.sluice.shared.web;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.core.codec.CodecException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.ErrorResponse;
import reactor.netty.http.client.PrematureCloseException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/** Foreign errors as problems. Their messages are never taken over: they may hold what callers must not see. */
final class ProblemTranslation {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final String CHECK = "The README lists the paths and what they take.";

    private ProblemTranslation() {}

    /** The problem to show for an error. */
    static SluiceException of(Throwable error) {
        return switch (error) {
            case SluiceException problem -> problem;
            case DataBufferLimitException tooLarge -> BoundedBody.tooLarge(tooLarge);
            case ErrorResponse response -> ofStatus(response.getStatusCode(), error);
            case CodecException codec ->
                new SluiceException(ProblemType.INVALID_REQUEST, "The body cannot be read. " + CHECK, codec);
            case ConnectException away -> unavailable("A part of Sluice cannot be reached right now.", away);
            case PoolAcquirePendingLimitException full -> unavailable("All connections are in use.", full);
            case PoolAcquireTimeoutException full -> unavailable("All connections are in use.", full);
            case TimeoutException late -> timeout(late);
            case ReadTimeoutException late -> timeout(late);
            case PrematureCloseException closed ->
                new SluiceException(ProblemType.BAD_GATEWAY, "The connection to a part of Sluice was lost.", closed);
            default -> internal(error);
        };
    }

    private static SluiceException ofStatus(HttpStatusCode status, Throwable error) {
        return switch (status.value()) {
            case 401 -> new SluiceException(ProblemType.UNAUTHENTICATED, "Send 'Authorization: Bearer <key>'.", error);
            case 403 -> new SluiceException(ProblemType.FORBIDDEN, "You may not do this.", error);
            case 404 -> new SluiceException(ProblemType.NOT_FOUND, "Nothing is at this path. " + CHECK, error);
            case 405 -> new SluiceException(ProblemType.METHOD_NOT_ALLOWED, "The path exists. " + CHECK, error);
            case 406 -> new SluiceException(ProblemType.NOT_ACCEPTABLE, "Change the Accept header. " + CHECK, error);
            case 408 -> new SluiceException(ProblemType.REQUEST_TIMEOUT, "Send the whole request sooner.", error);
            case 413 -> BoundedBody.tooLarge(error);
            case 415 -> new SluiceException(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Change Content-Type. " + CHECK, error);
            case 502 -> new SluiceException(ProblemType.BAD_GATEWAY, "A part of Sluice did not answer.", error);
            case 503 -> unavailable("A part of Sluice is not available right now.", error);
            case 504 -> timeout(error);
            default ->
                status.is4xxClientError()
                        ? new SluiceException(ProblemType.INVALID_REQUEST, "The request is not valid. " + CHECK, error)
                        : internal(error);
        };
    }

    private static SluiceException unavailable(String detail, Throwable error) {
        return SluiceException.unavailable(detail, SOON, error);
    }

    private static SluiceException timeout(Throwable error) {
        return new SluiceException(ProblemType.GATEWAY_TIMEOUT, "A part of Sluice took too long to answer.", error);
    }

    private static SluiceException internal(Throwable error) {
        return new SluiceException(
                ProblemType.INTERNAL_ERROR, "This is a defect. Give the request id to the operator.", error);
    }
}

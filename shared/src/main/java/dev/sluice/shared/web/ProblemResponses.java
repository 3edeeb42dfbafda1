package dev.sluice.shared.web;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ErrorCategory;
import dev.sluice.shared.problem.ProblemRenderer;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/**
 * Writes an error as {@code application/problem+json} (RFC 9457) straight to a response, inside Spring's handlers and
 * without them. Headers that the response has already ({@code RateLimit}, {@code Allow}) stay, those that describe a
 * body are replaced; {@code Retry-After} comes from the problem.
 */
public final class ProblemResponses {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemResponses.class);
    private static final MediaType PROBLEM = MediaType.parseMediaType(ProblemRenderer.MEDIA_TYPE);

    private ProblemResponses() {}

    /**
     * Answers with the problem for any error. An error that is a defect of Sluice is logged here, once, with its
     * request id; all others are the caller's or the operator's to see in metrics.
     *
     * @return completes when the response is written; the error itself when the response has begun already, since then
     *     only closing the connection can tell the client
     */
    public static Mono<Void> write(ServerHttpResponse response, Throwable error, RequestIdentity identity) {
        SluiceException problem = ProblemTranslation.of(error);
        if (problem.type().category() == ErrorCategory.INTERNAL) {
            log(error, identity);
        }
        if (!response.setStatusCode(HttpStatus.valueOf(problem.type().status()))) {
            return Mono.error(error);
        }
        byte[] body = Json.bytes(ProblemRenderer.document(problem, identity.requestId()));
        describe(response.getHeaders(), problem, identity, body.length);
        return response.writeWith(Mono.fromSupplier(() -> wrap(response, body)));
    }

    private static DataBuffer wrap(ServerHttpResponse response, byte[] body) {
        return response.bufferFactory().wrap(body);
    }

    private static void describe(HttpHeaders headers, SluiceException problem, RequestIdentity identity, int length) {
        headers.clearContentHeaders();
        headers.remove(HttpHeaders.ETAG);
        headers.setContentType(PROBLEM);
        headers.setContentLength(length);
        headers.setCacheControl("no-store");
        headers.set(RequestIdentity.HEADER, identity.requestId());
        Long retryAfter = ProblemRenderer.retryAfterSeconds(problem);
        if (retryAfter != null) {
            headers.set(HttpHeaders.RETRY_AFTER, retryAfter.toString());
        }
        if (problem.type() == ProblemType.PAYLOAD_TOO_LARGE || problem.type() == ProblemType.REQUEST_TIMEOUT) {
            // The rest of the body is unread and may be endless: a connection kept alive would go on reading it.
            headers.setConnection("close");
        }
    }

    private static void log(Throwable error, RequestIdentity identity) {
        LOG.atError()
                .addKeyValue("requestId", identity.requestId())
                .addKeyValue("traceId", identity.trace().traceId())
                .setCause(error)
                .log("request failed");
    }
}

package dev.sluice.gateway.request;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.web.BoundedBody;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/** Reads the JSON body of a request to the gateway's own API. */
public final class JsonBody {

    /** Most bytes of such a body; they hold a few names. */
    public static final int MAX_BYTES = 64 * 1024;

    private JsonBody() {}

    /** The body's fields; errors are {@code INVALID_REQUEST}, {@code UNSUPPORTED_MEDIA_TYPE}, {@code PAYLOAD_TOO_LARGE}. */
    public static Mono<Fields> fields(ServerHttpRequest request) {
        return Mono.defer(() -> {
            requireJson(request.getHeaders());
            return BoundedBody.read(request, MAX_BYTES).map(bytes -> new Fields(Json.read(bytes)));
        });
    }

    /** Throws {@link ProblemType#UNSUPPORTED_MEDIA_TYPE} unless the content is JSON or {@code +json}. */
    public static void requireJson(HttpHeaders headers) {
        if (!isJson(headers.getFirst(HttpHeaders.CONTENT_TYPE))) {
            throw new SluiceException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send JSON, with 'Content-Type: application/json'.");
        }
    }

    private static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            return (MediaType.APPLICATION_JSON.isCompatibleWith(type) && !type.isWildcardType())
                    || type.getSubtype().endsWith("+json");
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}

package dev.sluice.gateway.ingress;

import dev.sluice.gateway.ingress.NewEvent.DedupeKey;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;

/** Turns a delivery into an event: first the signature over the raw bytes, then, and only then, what they say. */
final class DeliveryReader {

    private static final int MAX_DELIVERY_ID = 200;
    private static final Pattern EVENT_NAME = Pattern.compile("[a-z0-9_]{1,100}");
    private static final Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}");
    static final String GENERIC_TYPE = "dev.sluice.webhook.received";

    private DeliveryReader() {}

    /** Refuses by its headers what needs no reading. */
    static void checkContentType(Door door, HttpHeaders headers) {
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        if (door.source() == EndpointSource.GITHUB
                && type != null
                && type.startsWith("application/x-www-form-urlencoded")) {
            throw new SluiceException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "This webhook sends forms. Set its 'Content type' to application/json in GitHub's settings.");
        }
        JsonBody.requireJson(headers);
    }

    /** The event of a delivery; {@link ProblemType#INVALID_SIGNATURE} before anything else is said about the body. */
    static NewEvent read(Door door, HttpHeaders headers, byte[] body) {
        EndpointSource source = door.source();
        if (!WebhookSignature.matches(single(headers, source.signatureHeader()), body, door.secret())) {
            throw new SluiceException(
                    ProblemType.INVALID_SIGNATURE,
                    source.signatureHeader() + " must be 'sha256=' and the hex HMAC-SHA256 of the raw body under the"
                            + " endpoint's secret.");
        }
        JsonNode data = Json.read(body);
        UUID id = Ids.next();
        return new NewEvent(
                id,
                door.organization(),
                door.endpoint(),
                Endpoint.eventSource(door.endpoint()),
                type(source, headers),
                source == EndpointSource.GITHUB ? repository(data) : null,
                Ids.time(id),
                "application/json",
                ByteBuffer.wrap(body),
                dedupeKey(door, headers));
    }

    private static String type(EndpointSource source, HttpHeaders headers) {
        return switch (source) {
            case GITHUB -> "com.github." + eventName(single(headers, "X-GitHub-Event"));
            case GENERIC_HMAC -> GENERIC_TYPE;
        };
    }

    private static String eventName(@Nullable String name) {
        if (name == null || !EVENT_NAME.matcher(name).matches()) {
            throw invalid("X-GitHub-Event must name the event, such as 'push'.");
        }
        return name;
    }

    private static @Nullable DedupeKey dedupeKey(Door door, HttpHeaders headers) {
        String header = door.source().deliveryHeader();
        String id = single(headers, header);
        if (id == null && door.source() == EndpointSource.GENERIC_HMAC) {
            return null;
        }
        if (id == null || id.isBlank() || id.length() > MAX_DELIVERY_ID) {
            throw invalid(header + " must hold the delivery's id, 1 to " + MAX_DELIVERY_ID + " characters.");
        }
        byte[] hash = Ids.sha256().digest(id.getBytes(StandardCharsets.UTF_8));
        return new DedupeKey(door.endpoint(), ByteBuffer.wrap(hash));
    }

    private static @Nullable String repository(JsonNode data) {
        String name = data.path("repository").path("full_name").asString("");
        return REPOSITORY.matcher(name).matches() ? name : null;
    }

    /** The value of a header that came once; one that came twice is as good as none. */
    private static @Nullable String single(HttpHeaders headers, String name) {
        List<String> values = headers.getOrEmpty(name);
        return values.size() == 1 ? values.getFirst() : null;
    }

    private static SluiceException invalid(String detail) {
        return new SluiceException(ProblemType.INVALID_REQUEST, detail);
    }
}

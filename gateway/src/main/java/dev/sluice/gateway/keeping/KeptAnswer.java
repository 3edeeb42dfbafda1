package dev.sluice.gateway.keeping;

import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer as it came.
 *
 * @param headers in their order
 * @param from    when it came
 * @param until   it is fresh
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeptAnswer(List<Map.Entry<String, String>> headers, byte[] body, Instant from, Instant until) {

    private static final char HEAD_ENDS = '\n';

    KeptAnswer {
        headers = List.copyOf(headers);
    }

    /** One line of JSON, and the body in base64. */
    String text() {
        ObjectNode head = Json.object().put("from", from.toEpochMilli()).put("until", until.toEpochMilli());
        ArrayNode fields = head.putArray("headers");
        headers.forEach(header -> fields.add(header.getKey()).add(header.getValue()));
        return new String(Json.bytes(head), StandardCharsets.UTF_8)
                + HEAD_ENDS
                + Base64.getEncoder().encodeToString(body);
    }

    /** What {@link #text} made. */
    static KeptAnswer of(String text) {
        int end = text.indexOf(HEAD_ENDS);
        JsonNode head = Json.read(text.substring(0, end).getBytes(StandardCharsets.UTF_8));
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        JsonNode fields = head.path("headers");
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            headers.add(Map.entry(fields.get(i).asString(), fields.get(i + 1).asString()));
        }
        return new KeptAnswer(
                headers,
                Base64.getDecoder().decode(text.substring(end + 1)),
                Instant.ofEpochMilli(head.path("from").asLong()),
                Instant.ofEpochMilli(head.path("until").asLong()));
    }

    boolean isFreshAt(Instant now) {
        return now.isBefore(until);
    }

    /** The value of its first header of a name in lower case; empty when there is none. */
    String header(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    /** Whether whoever asks has it already (RFC 9110, section 13.1.2, by the weak comparison). */
    boolean isHeldBy(HttpHeaders request) {
        String tag = weak(header("etag"));
        return !tag.isEmpty()
                && request.getIfNoneMatch().stream()
                        .anyMatch(held -> held.equals("*") || weak(held).equals(tag));
    }

    private static String weak(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}

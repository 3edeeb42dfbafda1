package dev.sluice.executor.engine;

import dev.sluice.shared.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An error of a workflow (DSL reference, "Error"; RFC 9457).
 *
 * @param type     URI that classifies it
 * @param instance JSON pointer of the task it comes from
 */
public record DslError(
        String type,
        int status,
        String instance,
        @Nullable String title,
        @Nullable String detail) {

    /** The error as workflows, journals and callers see it. */
    public ObjectNode toJson() {
        ObjectNode node = Json.object();
        node.put("type", type);
        node.put("status", status);
        node.put("instance", instance);
        if (title != null) {
            node.put("title", title);
        }
        if (detail != null) {
            node.put("detail", detail);
        }
        return node;
    }

    /** Reads back what {@link #toJson} wrote. */
    public static DslError fromJson(JsonNode node) {
        return new DslError(
                node.path("type").asString(),
                node.path("status").asInt(),
                node.path("instance").asString(),
                text(node, "title"),
                text(node, "detail"));
    }

    /** The same without what is secret in its texts. */
    DslError without(Scrubber scrubber) {
        return new DslError(
                type,
                status,
                instance,
                title == null ? null : scrubber.message(title),
                detail == null ? null : scrubber.message(detail));
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isString() ? value.asString() : null;
    }
}

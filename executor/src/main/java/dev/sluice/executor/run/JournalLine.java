package dev.sluice.executor.run;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.Receipt;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.masking.Masking;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An entry of a journal as callers see it.
 *
 * @param size    of the payload, in bytes
 * @param payload absent when it has more than {@value #MAX_PAYLOAD} bytes
 */
record JournalLine(
        int seq,
        EntryKind kind,
        String path,
        String taskType,
        int placeHash,
        Instant at,
        int size,
        @Nullable JsonNode payload) {

    /** A larger payload only tells its size, so that no page has more than a few megabytes. */
    static final int MAX_PAYLOAD = 16 * 1024;

    ObjectNode toJson(Map<Integer, TaskBase> places, Masking masking) {
        ObjectNode node = Json.object();
        node.put("seq", seq);
        node.put("kind", kind.name().toLowerCase(Locale.ROOT));
        node.put("at", at.toString());
        if (!kind.ofRun()) {
            TaskBase task = places.get(placeHash);
            node.put("path", path);
            node.put("type", taskType);
            if (task != null) {
                node.put("task", task.reference());
            }
        }
        if (payload == null) {
            node.put("payloadBytes", size);
        } else {
            JsonNode shown = kind == EntryKind.COMPLETED && !Receipt.isOne(kind, path)
                    ? masking.shown("output", payload)
                    : masking.shown(payload);
            node.set("payload", shown == null ? Json.object() : shown);
        }
        return node;
    }
}

package dev.sluice.executor.run;

import dev.sluice.shared.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Why a run rests until somebody resumes it.
 *
 * @param reason one of the constants here
 * @param detail what an operator should know, absent when the reason says it all
 */
record Suspension(String reason, @Nullable String detail, Instant at) {

    /** A caller asked for it. */
    static final String REQUESTED = "requested";

    /** An entry of its journal was written by a task of another document. */
    static final String JOURNAL_MISMATCH = "journal-mismatch";

    /** Its document was taken by another version of Sluice and cannot be read by this one. */
    static final String UNREADABLE_DEFINITION = "unreadable-definition";

    /** It was taken up too often without getting any further. */
    static final String DEAD_LETTER = "dead-letter";

    ObjectNode toJson() {
        ObjectNode node = Json.object().put("reason", reason);
        if (detail != null) {
            node.put("detail", detail);
        }
        return node.put("at", at.toString());
    }
}

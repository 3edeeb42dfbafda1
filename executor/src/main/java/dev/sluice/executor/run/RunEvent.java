package dev.sluice.executor.run;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Something that happened in a run, as watchers see it.
 *
 * @param seq      durable position, absent for what is not journaled; such events may repeat
 * @param type     CloudEvent type
 * @param envelope the CloudEvent in structured JSON
 * @param end      how the run ended, set on its last event only
 */
record RunEvent(
        @Nullable Integer seq,
        String type,
        JsonNode envelope,
        @Nullable RunEnd end) {

    boolean after(int position) {
        return seq == null || seq > position;
    }
}

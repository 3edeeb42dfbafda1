package dev.sluice.executor.engine;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * What flows from task to task on one branch.
 *
 * @param data    the next task's raw input
 * @param context the workflow context, {@code $context}
 * @param clock   logical time: that of the branch's last journal entry
 * @param effects how many journal entries the branch has passed, which tells whether a checkpoint is worth writing
 * @param unresolved calls whose outcome is not known
 */
record State(JsonNode data, JsonNode context, Instant clock, int effects, Unresolved unresolved) {

    static State start(JsonNode input, Instant startedAt) {
        return new State(input, input, startedAt, 0, Unresolved.NONE);
    }

    State withData(JsonNode newData) {
        return new State(newData, context, clock, effects, unresolved);
    }

    State withContext(JsonNode newContext) {
        return new State(data, newContext, clock, effects, unresolved);
    }

    State unresolved(Unresolved now) {
        return new State(data, context, clock, effects, now);
    }

    /** After an entry of the journal. */
    State passed(Instant at) {
        return new State(data, context, at.isAfter(clock) ? at : clock, effects + 1, unresolved);
    }

    /** After a wait, which moves time without an entry of its own. */
    State at(Instant instant) {
        return new State(data, context, instant.isAfter(clock) ? instant : clock, effects, unresolved);
    }
}

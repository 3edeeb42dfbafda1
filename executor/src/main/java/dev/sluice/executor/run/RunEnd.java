package dev.sluice.executor.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a run ended.
 *
 * @param status completed, faulted or cancelled
 * @param output of a completed run
 * @param error  of a faulted run, in the form of RFC 9457
 * @param origin path of the journal entry that made it fault; known to the run's owner only, and absent when no entry did
 * @param seq    position after the journal's last entry, the id of the run's last event
 */
record RunEnd(
        RunStatus status,
        @Nullable JsonNode output,
        @Nullable JsonNode error,
        @Nullable String origin,
        int seq,
        Instant at) {}

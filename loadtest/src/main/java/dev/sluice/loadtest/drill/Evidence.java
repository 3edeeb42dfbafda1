package dev.sluice.loadtest.drill;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What everybody knows when a drill is over.
 *
 * @param requests what the clients were told
 * @param runs     all runs in the database
 * @param outcomes of calls, as the journals have them
 * @param calls    as the upstream received them, in their order
 * @param kills    in their order
 * @param lapses   leases that ran out, whether or not their nodes were killed
 * @param minOpen  runs that had to be open at each kill
 */
record Evidence(
        List<Request> requests,
        List<Run> runs,
        List<Outcome> outcomes,
        List<Call> calls,
        List<Kill> kills,
        List<Kill> lapses,
        long minOpen) {

    Evidence {
        requests = List.copyOf(requests);
        runs = List.copyOf(runs);
        outcomes = List.copyOf(outcomes);
        calls = List.copyOf(calls);
        kills = List.copyOf(kills);
        lapses = List.copyOf(lapses);
    }

    /** What a repeated call may be put down to: the kills, and after them the leases that ran out. */
    List<Kill> causes() {
        return Stream.concat(kills.stream(), lapses.stream()).toList();
    }

    /**
     * A run.
     *
     * @param eventId that started it, if one did
     * @param number  of its input
     * @param status  how it ended, or how it stands
     * @param output  of one that completed
     */
    record Run(
            UUID id,
            @Nullable UUID eventId,
            int number,
            String status,
            @Nullable JsonNode output) {

        boolean completed() {
            return status.equals("completed");
        }

        boolean ended() {
            return completed() || status.equals("faulted") || status.equals("cancelled");
        }
    }

    /**
     * A call's outcome in a journal.
     *
     * @param key         the idempotency key of its place
     * @param serial      of the call whose answer it is; 0 for an error
     * @param committedAt by the database
     */
    record Outcome(UUID runId, String key, long serial, Instant committedAt) {}
}

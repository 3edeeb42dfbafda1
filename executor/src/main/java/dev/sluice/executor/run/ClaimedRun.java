package dev.sluice.executor.run;

import dev.sluice.executor.correlation.Owned;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A run this node owns.
 *
 * @param node            the incarnation that owns it
 * @param epoch           raised by each claim; a write under an older one is refused
 * @param format          what its journal may have
 * @param startedAt       first logical time, the same for every owner
 * @param cancelRequested whether it shall end rather than go on
 * @param suspendRequested whether it shall rest rather than go on
 * @param reopened        set when it goes on after it had ended
 * @param depth           how many runs before it started one another
 * @param listeners       who listens for what happens to it
 */
record ClaimedRun(
        UUID id,
        OrganizationId organization,
        UUID definitionId,
        UUID node,
        int epoch,
        JournalFormat format,
        int generation,
        JsonNode input,
        @Nullable String traceparent,
        Instant createdAt,
        Instant startedAt,
        boolean cancelRequested,
        boolean suspendRequested,
        @Nullable Reopened reopened,
        int depth,
        Listeners listeners) {

    /** The run, to those who must know whose it is. */
    Owned owned() {
        return new Owned(id, organization, definitionId, node, epoch);
    }

    /** The number of the run's former end, which no entry may have; zero when it never ended. */
    int formerEnd() {
        return reopened == null ? 0 : reopened.former().seq();
    }

    /** Whether the journal can hold anything: no other node, and not this one, has had it before. */
    boolean fresh() {
        return epoch == 0;
    }
}

package dev.sluice.executor.run;

import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run about to be created by an event.
 *
 * @param node     the node that will run it at once, absent when whoever has room shall take it
 * @param format   what its journal may have as long as that node has it
 * @param priority urgency among the runs of its organization, 0 first
 * @param depth    how many runs before it started one another
 */
public record NewRun(
        UUID id,
        OrganizationId organization,
        UUID definitionId,
        @Nullable UUID node,
        JournalFormat format,
        UUID eventId,
        EncodedJson input,
        int priority,
        Instant createdAt,
        int depth) {

    /**
     * The run as its node takes it up right after creating it.
     *
     * @param listeners who listens for what happens to it
     */
    ClaimedRun claimed(UUID owner, Listeners listeners) {
        return new ClaimedRun(
                id,
                organization,
                definitionId,
                owner,
                0,
                format,
                0,
                input.tree(),
                null,
                createdAt,
                createdAt,
                false,
                false,
                null,
                depth,
                listeners);
    }
}

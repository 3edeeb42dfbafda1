package dev.sluice.executor.run;

import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run about to be created by request, of the version that is active when it is committed.
 *
 * @param node        the node that will run it at once, absent when whoever has room shall take it
 * @param format      what its journal may have as long as that node has it
 * @param traceparent W3C trace context of the request
 * @param priority    urgency among the runs of its organization, 0 first; absent for what its workflow says
 * @param idempotency set when the caller gave a key
 */
record RequestedRun(
        UUID id,
        OrganizationId organization,
        String namespace,
        String name,
        @Nullable UUID node,
        JournalFormat format,
        EncodedJson input,
        @Nullable String traceparent,
        Instant createdAt,
        @Nullable Integer priority,
        @Nullable Idempotency idempotency) {

    /** The run as its node takes it up right after creating it. */
    ClaimedRun claimed(Creation.Created created, UUID owner) {
        return new ClaimedRun(
                id,
                organization,
                created.definitionId(),
                owner,
                0,
                format,
                0,
                input.tree(),
                traceparent,
                createdAt,
                createdAt,
                false,
                false,
                null,
                0,
                created.listeners());
    }

    /** The run as callers see it right after it was created. */
    RunView view(WorkflowName workflow, Creation.Created created) {
        return new RunView(
                id,
                workflow,
                created.owned() ? RunStatus.RUNNING : RunStatus.PENDING,
                created.priority(),
                null,
                null,
                List.of(),
                null,
                null,
                createdAt,
                created.owned() ? createdAt : null,
                null,
                input.tree(),
                null,
                null);
    }
}

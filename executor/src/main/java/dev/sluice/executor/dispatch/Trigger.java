package dev.sluice.executor.dispatch;

import dev.sluice.executor.definition.LifecycleTypes;
import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A filter of an active workflow.
 *
 * @param position of the filter in the document
 * @param type     the only event type that can match, absent when that is not fixed
 * @param source   the only event source that can match, absent when that is not fixed
 */
record Trigger(
        OrganizationId organization,
        UUID definitionId,
        WorkflowName workflow,
        int position,
        @Nullable String type,
        @Nullable String source) {

    /** Whether what the index knows lets the event through. */
    boolean candidate(ArrivedEvent event) {
        return LifecycleTypes.mayPass(type, event.type()) && (source == null || source.equals(event.source()));
    }

    /** The run an event starts: the same for every delivery, whatever version is active by then. */
    UUID runId(ArrivedEvent event) {
        return Ids.derived(
                Ids.time(event.id()),
                organization.toString(),
                workflow.namespace(),
                workflow.name(),
                event.id().toString());
    }
}

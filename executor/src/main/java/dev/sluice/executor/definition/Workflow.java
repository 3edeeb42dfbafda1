package dev.sluice.executor.definition;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A compiled workflow document (Open Workflow DSL 1.0.3). Immutable and thread-safe.
 *
 * @param name      namespace, name and version
 * @param source    the document as it was read, for {@code $workflow.definition}
 * @param input     of what comes in
 * @param tasks     what to do
 * @param output    of what goes out
 * @param timeout   how long a run may take, absent for no limit
 * @param on        events that start a run ({@code schedule.on}), absent without one
 * @param schedule  times at which a run starts, absent without one
 * @param read      what a triggering event contributes to the input
 * @param secrets   names of the secrets that it may use ({@code use.secrets})
 * @param functions tasks that {@code call} names ({@code use.functions})
 * @param extensions tasks before and after others ({@code use.extensions})
 * @param listeners what each {@code listen} takes, by the task's reference
 * @param priority  urgency of its runs among those of its organization (RFC 9218): 0 first, 7 last
 */
public record Workflow(
        WorkflowName name,
        JsonNode source,
        Transformation input,
        TaskList tasks,
        Transformation output,
        @Nullable DurationValue timeout,
        @Nullable Consumption on,
        @Nullable Schedule schedule,
        EventRead read,
        Set<String> secrets,
        Map<String, Task> functions,
        List<Extension> extensions,
        Map<String, Consumption> listeners,
        int priority) {

    /** Urgency of what says nothing. */
    public static final int DEFAULT_PRIORITY = 3;

    /** The least urgent. */
    public static final int LOWEST_PRIORITY = 7;

    /**
     * Whether its runs may be told what happens to tasks of others, or to correlations. Of such runs that is not told: two that
     * listen to each other would never come to rest.
     */
    public boolean watchesTasks() {
        return Stream.concat(
                        triggers().stream(), listeners.values().stream().flatMap(taken -> taken.filters().stream()))
                .map(EventFilter::type)
                .anyMatch(type -> type != null && LifecycleTypes.watches(type));
    }

    /** The filters of events that start a run, in the order of {@link Consumption#filters}; none without {@code schedule.on}. */
    public List<EventFilter> triggers() {
        return on == null ? List.of() : on.filters();
    }

    /** Whether events gather in sets, of which each starts a run ({@code all}, and {@code any} with {@code until}). */
    public boolean together() {
        return on != null && on.gathers();
    }

    /** What of an event is read ({@code schedule.read}). */
    public enum EventRead {
        DATA,
        ENVELOPE,
        RAW;

        /** That part of an event, of which the envelope is given. */
        public JsonNode of(JsonNode envelope) {
            return this == ENVELOPE ? envelope : envelope.path("data");
        }
    }
}

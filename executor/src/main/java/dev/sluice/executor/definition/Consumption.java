package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which events a task or what starts a run takes, and when it has enough (DSL reference, "Event Consumption Strategy"). */
public sealed interface Consumption {

    /** All filters, in the order of the document; those of {@code until} come last. */
    List<EventFilter> filters();

    /** Whether one event may not be enough. */
    default boolean gathers() {
        return switch (this) {
            case One one -> false;
            case All all -> true;
            case Any any -> any.until() != null || any.condition() != null;
        };
    }

    /** {@code one}: the first event that matches. */
    record One(EventFilter filter) implements Consumption {

        @Override
        public List<EventFilter> filters() {
            return List.of(filter);
        }
    }

    /** {@code all}: one event for each filter. */
    record All(List<EventFilter> filters) implements Consumption {

        public All {
            filters = List.copyOf(filters);
        }
    }

    /**
     * {@code any}: the first event that matches a filter, or with {@code until} each of them up to then.
     *
     * @param until     events that end it and are no part of the output
     * @param condition ends it once it holds of all that was consumed
     */
    record Any(
            List<EventFilter> any,
            @Nullable Consumption until,
            @Nullable Expression condition) implements Consumption {

        public Any {
            any = List.copyOf(any);
        }

        @Override
        public List<EventFilter> filters() {
            return until == null
                    ? any
                    : Stream.concat(any.stream(), until.filters().stream()).toList();
        }
    }
}

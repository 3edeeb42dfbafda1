package dev.sluice.executor.definition;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which events a trigger or a {@code listen} takes: all matchers must agree.
 *
 * @param type     the only type that can match, {@link LifecycleTypes#FAMILY} for a pattern of lifecycle events, absent when that
 *                 is not fixed; found through an index
 * @param source   the only source that can match, absent when that is not fixed
 * @param matchers every condition, those of {@code type} and {@code source} among them
 * @param correlations what links the event to a run, or to others that start one together, in the order of their names
 */
public record EventFilter(
        @Nullable String type, @Nullable String source, List<EventMatcher> matchers, List<Correlation> correlations) {

    public EventFilter {
        matchers = List.copyOf(matchers);
        correlations = List.copyOf(correlations);
    }

    /** The only type that can match; null when that is not fixed, as for any pattern. */
    public @Nullable String fixedType() {
        return LifecycleTypes.FAMILY.equals(type) ? null : type;
    }

    /** Why the event does not match, whatever it is correlated with; empty when it does. */
    public Optional<String> mismatch(JsonNode envelope) {
        if (type == null && LifecycleTypes.isToldBy(envelope)) {
            return Optional.of(
                    "It is a lifecycle event: only a filter whose 'type' is that or a pattern of such events takes it.");
        }
        for (EventMatcher matcher : matchers) {
            Optional<String> reason = matcher.mismatch(envelope);
            if (reason.isPresent()) {
                return reason;
            }
        }
        return Optional.empty();
    }
}

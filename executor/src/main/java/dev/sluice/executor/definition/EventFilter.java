package dev.sluice.executor.definition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events a trigger takes: all matchers must agree.
 *
 * @param type     the only type that can match, absent when that is not fixed; found through an index
 * @param source   the only source that can match, absent when that is not fixed
 * @param matchers every condition, those of {@code type} and {@code source} among them
 */
public record EventFilter(@Nullable String type, @Nullable String source, List<EventMatcher> matchers) {

    public EventFilter {
        matchers = List.copyOf(matchers);
    }
}

package dev.sluice.executor.gathering;

import dev.sluice.executor.definition.Consumption;
import dev.sluice.executor.expression.Expression;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** When the events that gather in a set are enough to start a run. Immutable and thread-safe. */
sealed interface Rule {

    /** By which values events find their set. */
    Links links();

    /** What a strategy whose events gather asks for. */
    static Rule of(Consumption consumption) {
        return switch (consumption) {
            case Consumption.All all -> new All(Links.of(all.filters()));
            case Consumption.Any any ->
                new Until(
                        Links.repeated(any.filters()),
                        any.any().size(),
                        any.until() instanceof Consumption.All,
                        any.condition());
            case Consumption.One one -> throw new IllegalArgumentException("one event gathers with no other");
        };
    }

    /** One event for each filter. */
    record All(Links links) implements Rule {}

    /**
     * Events that one of the filters takes, until something ends the set.
     *
     * @param any       how many of the filters say what gathers; those that follow say what ends it
     * @param each      whether it takes an event for each of those that follow to end it, and not for one of them
     * @param condition that ends it once it holds of all that has gathered; absent where events do
     */
    record Until(
            Links links, int any, boolean each, @Nullable Expression condition) implements Rule {

        boolean ends(Place place) {
            return place.position() >= any;
        }

        /** Whether events of these filters end a set. */
        boolean enough(Set<Integer> ending) {
            return each ? ending.size() == links.size() - any : !ending.isEmpty();
        }
    }
}

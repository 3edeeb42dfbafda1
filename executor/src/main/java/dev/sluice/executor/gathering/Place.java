package dev.sluice.executor.gathering;

import dev.sluice.executor.definition.Correlation;
import dev.sluice.executor.definition.EventFilter;
import dev.sluice.executor.engine.Keys;
import dev.sluice.executor.engine.Subscription;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.ExpressionException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * A place of a set that an event could fill.
 *
 * @param position of its filter in the document
 * @param values   hashes of what the event has for the filter's correlations that other events of the set share, by name
 */
record Place(int position, NavigableMap<String, UUID> values) {

    Place {
        values = Collections.unmodifiableNavigableMap(new TreeMap<>(values));
    }

    /** The places an event could fill, in the order of the document; none when no filter takes it. */
    static List<Place> of(List<EventFilter> filters, JsonNode envelope) {
        List<Place> places = new ArrayList<>();
        for (int position = 0; position < filters.size(); position++) {
            of(position, filters.get(position), envelope).ifPresent(places::add);
        }
        return places;
    }

    private static Optional<Place> of(int position, EventFilter filter, JsonNode envelope) {
        if (filter.mismatch(envelope).isPresent()) {
            return Optional.empty();
        }
        NavigableMap<String, UUID> values = new TreeMap<>();
        for (Correlation correlation : filter.correlations()) {
            JsonNode value = Subscription.value(correlation, envelope);
            JsonNode expected = expected(correlation);
            boolean fits = expected == null || hash(expected).equals(hash(value));
            if (value.isNull() || !fits) {
                return Optional.empty();
            }
            if (expected == null) {
                values.put(correlation.name(), hash(value));
            }
        }
        return Optional.of(new Place(position, values));
    }

    /** A constant: the compiler lets nothing else through. */
    private static @Nullable JsonNode expected(Correlation correlation) {
        try {
            return correlation.expect() == null
                    ? null
                    : correlation.expect().evaluate(NullNode.getInstance(), Arguments.NONE);
        } catch (ExpressionException e) {
            throw new IllegalStateException("expect of " + correlation.name() + " is no constant", e);
        }
    }

    private static UUID hash(JsonNode value) {
        return Keys.of(List.of(value));
    }
}

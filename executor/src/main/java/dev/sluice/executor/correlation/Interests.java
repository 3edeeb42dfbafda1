package dev.sluice.executor.correlation;

import dev.sluice.executor.definition.Correlation;
import dev.sluice.executor.definition.EventFilter;
import dev.sluice.executor.engine.Keys;
import dev.sluice.executor.engine.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * What filters make of one event. Each distinct {@code from} is evaluated once, however many filters have it. For one
 * thread at a time.
 */
final class Interests {

    private final JsonNode envelope;
    private final Map<String, JsonNode> values = new HashMap<>();

    Interests(JsonNode envelope) {
        this.envelope = envelope;
    }

    /** The key under which the event finds the listeners of a filter; empty when it is not for them. */
    Optional<UUID> key(EventFilter filter) {
        if (filter.mismatch(envelope).isPresent()) {
            return Optional.empty();
        }
        List<JsonNode> expected = new ArrayList<>();
        for (Correlation correlation : filter.correlations()) {
            JsonNode value =
                    values.computeIfAbsent(correlation.source(), source -> Subscription.value(correlation, envelope));
            if (value.isNull()) {
                return Optional.empty();
            }
            if (correlation.expect() != null) {
                expected.add(value);
            }
        }
        return Optional.of(Keys.of(expected));
    }
}

package dev.sluice.executor.gathering;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;

/** Hashes that the events of a set have fixed, by correlation; those that follow must have the same. For one thread at a time. */
final class FixedValues {

    private final NavigableMap<String, UUID> values;

    FixedValues(NavigableMap<String, UUID> values) {
        this.values = new TreeMap<>(values);
    }

    boolean agree(Place place) {
        return place.values().entrySet().stream()
                .allMatch(value ->
                        values.getOrDefault(value.getKey(), value.getValue()).equals(value.getValue()));
    }

    /** How many of a place's values are fixed. */
    int shared(Place place) {
        return (int)
                place.values().keySet().stream().filter(values::containsKey).count();
    }

    /** Fixes what an event has; whether anything of that was free. */
    boolean fix(Place place) {
        int before = values.size();
        values.putAll(place.values());
        return values.size() > before;
    }

    NavigableMap<String, UUID> all() {
        return Collections.unmodifiableNavigableMap(values);
    }
}

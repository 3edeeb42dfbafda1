package dev.sluice.executor.gathering;

import dev.sluice.executor.definition.Correlation;
import dev.sluice.executor.definition.EventFilter;
import dev.sluice.executor.engine.Keys;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * By which correlations the filters of a workflow hang together. The first event of a set that has a correlation fixes its
 * value for the others; a place whose filter shares none of what is fixed takes any event.
 *
 * @param names of the shared correlations of each filter
 * @param repeated whether a set takes several events of one filter
 */
record Links(List<Set<String>> names, boolean repeated) {

    Links {
        names = List.copyOf(names);
    }

    /** Of filters each of which is for one event of a set. */
    static Links of(List<EventFilter> filters) {
        return new Links(filters.stream().map(Links::shared).toList(), false);
    }

    /** Of filters that are for any number of events. */
    static Links repeated(List<EventFilter> filters) {
        return new Links(filters.stream().map(Links::shared).toList(), true);
    }

    private static Set<String> shared(EventFilter filter) {
        Set<String> names = new TreeSet<>();
        for (Correlation correlation : filter.correlations()) {
            if (correlation.expect() == null) {
                names.add(correlation.name());
            }
        }
        return names;
    }

    /** How many filters there are. */
    int size() {
        return names.size();
    }

    /** The key of a filter's free place in a set that has fixed some values. */
    UUID key(int position, NavigableMap<String, UUID> fixed) {
        Set<String> known = new TreeSet<>(names.get(position));
        known.retainAll(fixed.keySet());
        return key(known, fixed);
    }

    /** The keys under which an event may find its place, one for each combination of values that others may have fixed. */
    Set<UUID> keys(Place place) {
        Set<UUID> keys = new HashSet<>();
        fixedByOthers(place.position()).forEach(known -> keys.add(key(known, place.values())));
        return keys;
    }

    private Set<Set<String>> fixedByOthers(int position) {
        Set<Set<String>> combinations = new HashSet<>();
        for (int other = 0; other < names.size(); other++) {
            if (repeated || other != position) {
                Set<String> shared = new TreeSet<>(names.get(position));
                shared.retainAll(names.get(other));
                List<Set<String>> joined = new ArrayList<>(List.of(shared));
                combinations.forEach(combination -> joined.add(union(combination, shared)));
                combinations.addAll(joined);
            }
        }
        return combinations;
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> union = new TreeSet<>(some);
        union.addAll(others);
        return union;
    }

    private static UUID key(Set<String> sorted, NavigableMap<String, UUID> values) {
        List<JsonNode> parts = new ArrayList<>();
        for (String name : sorted) {
            parts.add(Json.string(name));
            parts.add(Json.string(Objects.requireNonNull(values.get(name)).toString()));
        }
        return Keys.of(parts);
    }
}

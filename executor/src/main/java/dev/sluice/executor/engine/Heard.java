package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Consumption;
import dev.sluice.executor.definition.Correlation;
import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.journal.Hearing;
import dev.sluice.shared.json.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * How far a {@code listen} has come: pure, and the same whenever the same events are consumed. Immutable.
 *
 * @param count     events consumed so far, those of {@code until} among them
 * @param output    what was read of them, those of {@code until} left out
 * @param satisfied filters of which an event was consumed
 * @param keys      what later events must have, by the name of the correlation
 * @param ahead     events that were heard and not looked at yet, the oldest first
 * @param seq       entry of the one that is known to be the last
 * @param then      {@code end} when the tasks of an event ended the workflow
 * @param enough    whether nothing more will be consumed
 */
record Heard(
        int count,
        ArrayNode output,
        Set<Integer> satisfied,
        Map<String, JsonNode> keys,
        List<HeardEvent> ahead,
        State state,
        @Nullable Integer seq,
        FlowDirective then,
        boolean enough) {

    static Heard nothing(State state, Map<String, JsonNode> keys) {
        return new Heard(0, Json.array(), Set.of(), keys, List.of(), state, null, FlowDirective.CONTINUE, false);
    }

    Heard ahead(List<HeardEvent> events) {
        return new Heard(count, output, satisfied, keys, events, state, seq, then, enough);
    }

    /** After an event was consumed. */
    Heard consumed(Hearing hearing, Consumption to, State after, int entry) {
        Set<Integer> filters = new HashSet<>(satisfied);
        filters.add(hearing.position());
        Map<String, JsonNode> both = new HashMap<>(keys);
        both.putAll(hearing.keys());
        List<HeardEvent> rest = ahead.stream()
                .filter(event -> !event.id().equals(hearing.event()))
                .toList();
        boolean sufficient = suffices(to, filters) || hearing.last();
        return new Heard(
                count + 1,
                output,
                Set.copyOf(filters),
                Map.copyOf(both),
                rest,
                after,
                hearing.last() ? entry : null,
                then,
                sufficient);
    }

    /** With a value more in the output. */
    Heard with(JsonNode value, State after) {
        ArrayNode more = Json.array();
        more.addAll(output);
        more.add(value);
        return new Heard(count, more, satisfied, keys, ahead, after, seq, then, enough);
    }

    Heard end() {
        return end(then);
    }

    Heard end(FlowDirective directive) {
        return new Heard(count, output, satisfied, keys, ahead, state, seq, directive, true);
    }

    /** Whether an event is one of {@code until}. */
    static boolean ends(Consumption to, int position) {
        return to instanceof Consumption.Any any && position >= any.any().size();
    }

    /**
     * What consuming an event would be; empty when this listen does not take it. An event that may end the listen does, also where
     * it is heard as one of those before: else nothing could end one that takes each event.
     */
    Optional<Hearing> take(Task.Listen task, Subscription subscription, HeardEvent event) {
        boolean before =
                task.to() instanceof Consumption.Any any && any.until() != null && !ends(any, event.position());
        Optional<Hearing> ending = before
                ? interests(task, subscription, event, true)
                        .flatMap(other -> hearing(task, subscription, other).stream())
                        .findFirst()
                : Optional.empty();
        return ending.or(() -> taken(task, subscription, event));
    }

    private Optional<Hearing> taken(Task.Listen task, Subscription subscription, HeardEvent event) {
        boolean once = task.to() instanceof Consumption.All || ends(task.to(), event.position());
        return once && satisfied.contains(event.position())
                ? interests(task, subscription, event, ends(task.to(), event.position()))
                        .flatMap(other -> hearing(task, subscription, other).stream())
                        .findFirst()
                : hearing(task, subscription, event);
    }

    /** The event as another filter's that it matches and that has none yet: one of {@code until}, or one of the others. */
    private Stream<HeardEvent> interests(
            Task.Listen task, Subscription subscription, HeardEvent event, boolean ending) {
        return subscription.interests().stream()
                .filter(interest -> !satisfied.contains(interest.position())
                        && ends(task.to(), interest.position()) == ending
                        && interest.takes(event.envelope()))
                .map(interest -> new HeardEvent(event.id(), interest.position(), event.envelope()));
    }

    /** What a correlation says it expects is in the key by which the event was found. */
    private Optional<Hearing> hearing(Task.Listen task, Subscription subscription, HeardEvent event) {
        Map<String, JsonNode> taken = new HashMap<>();
        for (Correlation correlation : task.to().filters().get(event.position()).correlations()) {
            JsonNode value = Subscription.value(correlation, event.envelope());
            JsonNode expected = keys.get(correlation.name());
            boolean first = correlation.expect() == null;
            if (value.isNull() || (first && expected != null && !Keys.same(expected, value))) {
                return Optional.empty();
            }
            if (first && expected == null) {
                taken.put(correlation.name(), value);
            }
        }
        Set<Integer> filters = new HashSet<>(satisfied);
        filters.add(event.position());
        JsonNode read = task.read().of(event.envelope());
        Hearing hearing = new Hearing(subscription.id(), event.id(), event.position(), read, taken, false, Map.of());
        return Optional.of(suffices(task.to(), filters) ? hearing.last(keys) : hearing);
    }

    /** Whether events of these filters are enough, whatever a condition says. */
    private static boolean suffices(Consumption to, Set<Integer> filters) {
        return switch (to) {
            case Consumption.One one -> true;
            case Consumption.All all -> filters.size() == all.filters().size();
            case Consumption.Any any when any.until() != null -> ended(any, any.until(), filters);
            case Consumption.Any any -> any.condition() == null;
        };
    }

    private static boolean ended(Consumption.Any any, Consumption until, Set<Integer> filters) {
        long heard = filters.stream().filter(position -> ends(any, position)).count();
        return until instanceof Consumption.All all ? heard == all.filters().size() : heard > 0;
    }
}

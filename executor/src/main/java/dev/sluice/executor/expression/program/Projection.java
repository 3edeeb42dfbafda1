package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.Access;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Values;
import dev.sluice.executor.expression.value.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code {id: .order.id, city: .order.customer.city}}: an object of parts of the input. What several paths begin with is followed
 * once, by the first of them, so that errors are those of one path after another.
 */
final class Projection extends Scalar {

    private static final int FEWEST = 2;

    /** Longer ones are rare, and what is found on the way is held until the object is made. */
    private static final int LONGEST = 16;

    private static final int INPUT = -1;

    private final String[] keys;
    /** The last step of each entry's path, and the first after it. */
    private final int[] entries;

    private final int[] ends;
    private final Step[] steps;

    /**
     * From a value to one of its fields.
     *
     * @param from the step that leads to the value
     * @param at   where in the program it is
     */
    private record Step(int from, String name, int at) {}

    private Projection(String[] keys, int[] entries, int[] ends, Step[] steps) {
        super(1);
        this.keys = keys;
        this.entries = entries;
        this.ends = ends;
        this.steps = steps;
    }

    /** Whether keys are known and values are paths from the input. */
    static boolean fits(List<Node> keys, List<Node> values) {
        return values.size() >= FEWEST
                && keys.stream().allMatch(key -> name(key) != null)
                && values.stream()
                        .allMatch(value -> value instanceof Fields fields
                                && !fields.names().isEmpty()
                                && fields.names().size() <= LONGEST);
    }

    static Projection of(List<Node> keys, List<Node> values) {
        String[] names = keys.stream().map(Projection::name).toArray(String[]::new);
        int[] entries = new int[names.length];
        int[] ends = new int[names.length];
        List<Step> steps = new ArrayList<>();
        Map<Place, Integer> known = new HashMap<>();
        for (int entry = 0; entry < names.length; entry++) {
            entries[entry] = follow((Fields) values.get(entry), steps, known);
            ends[entry] = steps.size();
        }
        return new Projection(names, entries, ends, steps.toArray(Step[]::new));
    }

    private record Place(int from, String name) {}

    /** Adds the steps that are not there yet; the last one's index. */
    private static int follow(Fields fields, List<Step> steps, Map<Place, Integer> known) {
        int last = INPUT;
        for (int i = 0; i < fields.names().size(); i++) {
            Place place = new Place(last, fields.names().get(i));
            Integer index = known.get(place);
            if (index == null) {
                index = steps.size();
                steps.add(new Step(last, place.name(), fields.at(i)));
                known.put(place, index);
            }
            last = index;
        }
        return last;
    }

    private static @Nullable String name(Node key) {
        return key instanceof Leaves.Constant constant && constant.value().isString()
                ? constant.value().stringValue()
                : null;
    }

    @Override
    JsonNode one(Frame frame, JsonNode in) {
        Budget budget = budget(frame);
        ObjectNode object = Values.object(keys.length, budget);
        Weight weight = Weight.object(keys.length);
        JsonNode[] found = new JsonNode[steps.length];
        int next = 0;
        for (int entry = 0; entry < keys.length; entry++) {
            for (; next < ends[entry]; next++) {
                Step step = steps[next];
                found[next] = field(step.from == INPUT ? in : found[step.from], step);
            }
            JsonNode value = found[entries[entry]];
            Values.put(object, keys[entry], value, budget);
            weight.add(keys[entry], value);
        }
        note(object, weight);
        return object;
    }

    /** An object with the same key twice has fewer entries than were added. */
    private void note(ObjectNode object, Weight weight) {
        if (object.size() == keys.length) {
            weight.note(object);
        }
    }

    private static JsonNode field(JsonNode value, Step step) {
        try {
            return Access.field(value, step.name);
        } catch (JqException e) {
            throw e.at(step.at);
        }
    }
}

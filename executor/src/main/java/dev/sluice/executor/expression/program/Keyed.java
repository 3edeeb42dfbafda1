package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Order;
import dev.sluice.executor.expression.value.Values;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.StringNode;

/** {@code sort_by}, {@code group_by}, {@code unique_by}, {@code min_by}, {@code max_by}: by all outputs of a key. */
final class Keyed extends Scalar {

    /** What is made of the sorted elements. */
    enum Kind {
        SORT,
        GROUP,
        UNIQUE,
        MIN,
        MAX
    }

    /** The key of an element that has none. */
    private static final JsonNode NONE = MissingNode.getInstance();

    private final Kind kind;
    private final Node key;
    private final int at;

    Keyed(Kind kind, Node key, int at) {
        super(3 + key.height());
        this.kind = kind;
        this.key = key;
        this.at = at;
    }

    @Override
    JsonNode one(Frame frame, JsonNode in) {
        Budget budget = budget(frame);
        if (!in.isArray()) {
            throw refused(frame, in).at(at);
        }
        JsonNode[] keys = new JsonNode[in.size()];
        boolean texts = true;
        budget.bytes((long) keys.length * (2 * Values.ELEMENT + 24));
        for (int i = 0; i < keys.length; i++) {
            budget.step();
            keys[i] = key(frame, in.get(i));
            texts &= keys[i] instanceof StringNode;
        }
        if (kind == Kind.GROUP && texts) {
            return groupsByText(in, keys, budget);
        }
        Element[] elements = new Element[keys.length];
        for (int i = 0; i < keys.length; i++) {
            budget.look(i);
            elements[i] = new Element(keys[i], in.get(i));
        }
        if (kind == Kind.MIN || kind == Kind.MAX) {
            return extreme(elements, budget);
        }
        Order.sort(elements, (left, right) -> compare(left.key, right.key, budget), budget);
        return switch (kind) {
            case SORT, MIN, MAX -> sorted(elements, budget);
            case UNIQUE -> unique(elements, budget);
            case GROUP -> groups(elements, budget);
        };
    }

    /** One output compares as an array of it would, and costs less; none comes before all others. */
    private static int compare(JsonNode left, JsonNode right, Budget budget) {
        if (left.isMissingNode() || right.isMissingNode()) {
            return Boolean.compare(right.isMissingNode(), left.isMissingNode());
        }
        return Order.compare(left, right, budget);
    }

    private static boolean equal(JsonNode left, JsonNode right, Budget budget) {
        if (left.isMissingNode() || right.isMissingNode()) {
            return left.isMissingNode() && right.isMissingNode();
        }
        return Order.equal(left, right, budget);
    }

    /** With one output, that. */
    private JsonNode key(Frame frame, JsonNode value) {
        if (key instanceof Scalar scalar) {
            JsonNode one = scalar.one(frame, value);
            return one == null ? NONE : one;
        }
        return outputs(frame, value);
    }

    private ArrayNode outputs(Frame frame, JsonNode value) {
        ArrayNode all = Values.array(0, budget(frame));
        int flow = key.run(frame, value, output -> {
            budget(frame).bytes(Values.ELEMENT);
            all.add(output);
            return GO;
        });
        assert flow == GO;
        return all;
    }

    private JqException refused(Frame frame, JsonNode in) {
        if (!in.isObject()) {
            return new JqException("Cannot iterate over " + Values.described(in));
        }
        ArrayNode keys = Values.array(0, budget(frame));
        for (JsonNode value : in) {
            budget(frame).step();
            budget(frame).bytes(Values.ELEMENT);
            keys.add(outputs(frame, value));
        }
        String both = Values.described(in) + " and " + Values.described(keys);
        return new JqException(
                kind == Kind.MIN || kind == Kind.MAX
                        ? both + " cannot be iterated over"
                        : both + " cannot be sorted, as they are not both arrays");
    }

    /** The first of the least, or the last of the greatest. */
    private JsonNode extreme(Element[] elements, Budget budget) {
        if (elements.length == 0) {
            return Values.NULL;
        }
        Element best = elements[0];
        for (int i = 1; i < elements.length; i++) {
            budget.step();
            int order = compare(elements[i].key, best.key, budget);
            if (kind == Kind.MIN ? order < 0 : order >= 0) {
                best = elements[i];
            }
        }
        return best.value;
    }

    private static JsonNode sorted(Element[] elements, Budget budget) {
        ArrayNode sorted = Values.array(elements.length, budget);
        for (Element element : elements) {
            budget.look(sorted.size());
            sorted.add(element.value);
        }
        return sorted;
    }

    private static JsonNode unique(Element[] elements, Budget budget) {
        ArrayNode unique = Values.array(0, budget);
        for (int i = 0; i < elements.length; i++) {
            budget.step();
            if (i == 0 || !equal(elements[i - 1].key, elements[i].key, budget)) {
                budget.bytes(Values.ELEMENT);
                unique.add(elements[i].value);
            }
        }
        return unique;
    }

    private static JsonNode groups(Element[] elements, Budget budget) {
        ArrayNode groups = Values.array(0, budget);
        ArrayNode group = groups;
        for (int i = 0; i < elements.length; i++) {
            budget.step();
            if (i == 0 || !equal(elements[i - 1].key, elements[i].key, budget)) {
                budget.bytes(Values.ELEMENT);
                group = Values.array(0, budget);
                groups.add(group);
            }
            budget.bytes(Values.ELEMENT);
            group.add(elements[i].value);
        }
        return groups;
    }

    /** Sorts no more than one of each group, which is far less when many elements share few keys. */
    private static JsonNode groupsByText(JsonNode in, JsonNode[] keys, Budget budget) {
        Map<String, ArrayNode> byText = new HashMap<>();
        for (int i = 0; i < keys.length; i++) {
            String text = keys[i].stringValue();
            budget.steps((text.length() >> 4) + 1);
            budget.bytes(Values.ELEMENT);
            ArrayNode group = byText.get(text);
            if (group == null) {
                budget.bytes(Values.ENTRY);
                group = Values.array(0, budget);
                byText.put(text, group);
            }
            group.add(in.get(i));
        }
        String[] texts = byText.keySet().toArray(String[]::new);
        Order.sort(texts, (left, right) -> Order.compare(left, right, budget), budget);
        ArrayNode groups = Values.array(texts.length, budget);
        for (String text : texts) {
            groups.add(byText.get(text));
        }
        return groups;
    }

    private record Element(JsonNode key, JsonNode value) {}
}

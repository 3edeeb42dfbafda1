package dev.sluice.shared.masking;

import dev.sluice.shared.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Shows JSON without what rules say is not to be seen. Of the rules that a field is meant by the one
 * that hides most holds. Text that happens to be JSON is text. Immutable and thread-safe.
 */
public final class Masking {

    /** Most rules of an organization. */
    public static final int MOST_RULES = 100;

    /** Shows everything. */
    public static final Masking NONE = new Masking(List.of());

    private static final String HIDDEN = "***";
    private static final int ENDING = 4;
    private static final int LONG = 12;

    /** Rules by their last name, and those whose last one is any. */
    private final Map<String, List<Place>> byName = new HashMap<>();

    private final List<Place> ofAny = new ArrayList<>();
    private final List<MaskingRule> rules;

    private Masking(List<MaskingRule> rules) {
        this.rules = List.copyOf(rules);
        for (MaskingRule rule : rules) {
            Place place = new Place(rule.names(), rule.way());
            String last = place.names.getLast();
            if (last.equals(MaskingRule.ANY)) {
                ofAny.add(place);
            } else {
                byName.computeIfAbsent(last, name -> new ArrayList<>()).add(place);
            }
        }
    }

    /** By these rules. */
    public static Masking of(List<MaskingRule> rules) {
        return rules.isEmpty() ? NONE : new Masking(rules);
    }

    /**
     * As it is stored: {@code {"fields": {"customer.email": "ending"}}}. A way that this version does not know hides.
     *
     * @throws IllegalArgumentException for what is no such document
     */
    public static Masking read(JsonNode document) {
        List<MaskingRule> rules = new ArrayList<>();
        document.path("fields")
                .properties()
                .forEach(field -> rules.add(new MaskingRule(
                        field.getKey(),
                        MaskingRule.Way.of(field.getValue().asString("")).orElse(MaskingRule.Way.HIDDEN))));
        return of(rules);
    }

    /** What {@link #read} reads. */
    public ObjectNode write() {
        ObjectNode document = Json.object();
        ObjectNode fields = document.putObject("fields");
        rules.forEach(rule -> fields.put(rule.field(), rule.way().id()));
        return document;
    }

    /** What is to be seen of it; itself where that is everything. It is not changed, and shares what is not masked. */
    public JsonNode shown(JsonNode value) {
        return this == NONE ? value : shown(value, new ArrayDeque<>());
    }

    private JsonNode shown(JsonNode value, Deque<String> outside) {
        return switch (value) {
            case ObjectNode object -> shown(object, outside);
            case ArrayNode array -> shown(array, outside);
            default -> value;
        };
    }

    @SuppressWarnings("ReferenceEquality") // what is the same is shared, and need not be looked at again
    private JsonNode shown(ObjectNode object, Deque<String> outside) {
        @Nullable ObjectNode shown = null;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode before = field.getValue();
            @Nullable JsonNode after = shown(field.getKey(), before, outside);
            if (after != before) {
                shown = shown == null ? shallow(object) : shown;
                replace(shown, field.getKey(), after);
            }
        }
        return shown == null ? object : shown;
    }

    private static ObjectNode shallow(ObjectNode object) {
        ObjectNode copy = Json.object();
        object.properties().forEach(field -> copy.set(field.getKey(), field.getValue()));
        return copy;
    }

    private static void replace(ObjectNode object, String name, @Nullable JsonNode value) {
        if (value == null) {
            object.remove(name);
        } else {
            object.set(name, value);
        }
    }

    /** Null for a field that is as if it were not there. */
    private @Nullable JsonNode shown(String name, JsonNode value, Deque<String> outside) {
        String lower = name.toLowerCase(Locale.ROOT);
        MaskingRule.Way way = way(lower, outside);
        if (way != null) {
            return way == MaskingRule.Way.ABSENT ? null : masked(value, way);
        }
        if (!value.isContainer()) {
            return value;
        }
        outside.addLast(lower);
        JsonNode inside = shown(value, outside);
        outside.removeLast();
        return inside;
    }

    @SuppressWarnings("ReferenceEquality") // as above
    private JsonNode shown(ArrayNode array, Deque<String> outside) {
        @Nullable ArrayNode shown = null;
        for (int i = 0; i < array.size(); i++) {
            JsonNode before = array.get(i);
            JsonNode after = shown(before, outside);
            if (after != before) {
                shown = shown == null ? Json.array().addAll(array) : shown;
                shown.set(i, after);
            }
        }
        return shown == null ? array : shown;
    }

    /** There is nothing to hide about nothing. */
    private static JsonNode masked(JsonNode value, MaskingRule.Way way) {
        if (value.isNull()) {
            return value;
        }
        String text = value.isString() ? value.stringValue() : "";
        boolean ending = way == MaskingRule.Way.ENDING && text.codePointCount(0, text.length()) >= LONG;
        return Json.string(ending ? HIDDEN + text.substring(text.offsetByCodePoints(text.length(), -ENDING)) : HIDDEN);
    }

    private MaskingRule.@Nullable Way way(String name, Deque<String> outside) {
        return Stream.concat(byName.getOrDefault(name, List.of()).stream(), ofAny.stream())
                .filter(place -> place.isIn(outside))
                .map(Place::way)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** A rule with its names in lower case. */
    private record Place(List<String> names, MaskingRule.Way way) {

        /** Whether all names but the last are those right outside. */
        boolean isIn(Deque<String> outside) {
            if (names.size() - 1 > outside.size()) {
                return false;
            }
            Iterator<String> outwards = outside.descendingIterator();
            for (int i = names.size() - 2; i >= 0; i--) {
                String name = outwards.next();
                if (!names.get(i).equals(MaskingRule.ANY) && !names.get(i).equals(name)) {
                    return false;
                }
            }
            return true;
        }
    }
}

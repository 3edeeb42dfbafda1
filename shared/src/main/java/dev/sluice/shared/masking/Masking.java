package dev.sluice.shared.masking;

import dev.sluice.shared.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Shows JSON without what rules say is not to be seen. Of the rules that a field is meant by the one that hides most holds. A name
 * with dots is as many names, one within the other. Text that happens to be JSON is text. Immutable and thread-safe.
 */
public final class Masking {

    /** Most rules of an organization. */
    public static final int MOST_RULES = 100;

    /** Most of them whose last name is any: these are looked at for each field there is. */
    public static final int MOST_OF_ANY = 10;

    /** Shows everything. */
    public static final Masking NONE = new Masking(List.of());

    private static final String HIDDEN = "***";
    private static final int ENDING = 4;
    private static final int LONG = 12;

    /** What CloudEvents says about events (version 1.0.2), and is no data of anybody's. */
    private static final Set<String> ABOUT_EVENTS =
            Set.of("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema");

    /** Rules by their last name, and those whose last one is any. */
    private final Map<String, List<Place>> byName = new HashMap<>();

    private final List<Place> ofAny = new ArrayList<>();
    private final List<MaskingRule> rules;

    private Masking(List<MaskingRule> rules) {
        this.rules = List.copyOf(rules);
        for (MaskingRule rule : rules) {
            Place place = new Place(rule.names(), rule.way());
            if (rule.isOfAny()) {
                ofAny.add(place);
            } else {
                byName.computeIfAbsent(place.names.getLast(), name -> new ArrayList<>())
                        .add(place);
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

    /** Whether there are rules. */
    public boolean hides() {
        return !rules.isEmpty();
    }

    /** What is to be seen of a value; itself where that is everything. It is not changed, and shares what is not masked. */
    public JsonNode shown(JsonNode value) {
        return hides() ? inside(value, new ArrayDeque<>()) : value;
    }

    /** The same of a value that is shown as a field of this name; null if there is to be no such field. */
    public @Nullable JsonNode shown(String name, JsonNode value) {
        return hides() ? field(name, value, new ArrayDeque<>()) : value;
    }

    /** The same of a CloudEvent: its data, and the attributes that are somebody's own. */
    public JsonNode shownEvent(JsonNode event) {
        if (!hides() || !(event instanceof ObjectNode object)) {
            return event;
        }
        Deque<String> outside = new ArrayDeque<>();
        return object(object, outside, ABOUT_EVENTS);
    }

    private JsonNode inside(JsonNode value, Deque<String> outside) {
        return switch (value) {
            case ObjectNode object -> object(object, outside, Set.of());
            case ArrayNode array -> array(array, outside);
            default -> value;
        };
    }

    @SuppressWarnings("ReferenceEquality") // what is the same is shared, and need not be looked at again
    private JsonNode object(ObjectNode object, Deque<String> outside, Set<String> spared) {
        @Nullable ObjectNode shown = null;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode before = field.getValue();
            @Nullable
            JsonNode after = spared.contains(field.getKey()) ? before : field(field.getKey(), before, outside);
            if (after != before) {
                shown = shown == null ? Json.object().setAll(object) : shown;
                replace(shown, field.getKey(), after);
            }
        }
        return shown == null ? object : shown;
    }

    private static void replace(ObjectNode object, String name, @Nullable JsonNode value) {
        if (value == null) {
            object.remove(name);
        } else {
            object.set(name, value);
        }
    }

    @SuppressWarnings("ReferenceEquality") // as above
    private JsonNode array(ArrayNode array, Deque<String> outside) {
        @Nullable ArrayNode shown = null;
        for (int i = 0; i < array.size(); i++) {
            JsonNode before = array.get(i);
            JsonNode after = inside(before, outside);
            if (after != before) {
                shown = shown == null ? Json.array().addAll(array) : shown;
                shown.set(i, after);
            }
        }
        return shown == null ? array : shown;
    }

    /** Null for a field that is as if it were not there. */
    private @Nullable JsonNode field(String name, JsonNode value, Deque<String> outside) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.indexOf('.') < 0) {
            MaskingRule.Way way = way(lower, outside);
            if (way == null && value.isContainer()) {
                outside.addLast(lower);
                JsonNode inside = inside(value, outside);
                outside.removeLast();
                return inside;
            }
            return masked(value, way);
        }
        int dot = lower.indexOf('.');
        String first = lower.substring(0, dot);
        MaskingRule.Way way = way(first, outside);
        if (way != null) {
            return masked(value, way);
        }
        outside.addLast(first);
        JsonNode inside = field(lower.substring(dot + 1), value, outside);
        outside.removeLast();
        return inside;
    }

    /** There is nothing to hide about nothing. */
    private static @Nullable JsonNode masked(JsonNode value, MaskingRule.@Nullable Way way) {
        if (way == MaskingRule.Way.ABSENT) {
            return null;
        }
        if (way == null || value.isNull()) {
            return value;
        }
        String text = value.isString() ? value.stringValue() : "";
        boolean ending = way == MaskingRule.Way.ENDING && text.codePointCount(0, text.length()) >= LONG;
        return Json.string(ending ? HIDDEN + text.substring(text.offsetByCodePoints(text.length(), -ENDING)) : HIDDEN);
    }

    private MaskingRule.@Nullable Way way(String name, Deque<String> outside) {
        MaskingRule.@Nullable Way most = most(null, byName.getOrDefault(name, List.of()), outside);
        return most(most, ofAny, outside);
    }

    private static MaskingRule.@Nullable Way most(
            MaskingRule.@Nullable Way least, List<Place> places, Deque<String> outside) {
        MaskingRule.@Nullable Way most = least;
        for (Place place : places) {
            if ((most == null || place.way.compareTo(most) > 0) && place.isIn(outside)) {
                most = place.way;
            }
        }
        return most;
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

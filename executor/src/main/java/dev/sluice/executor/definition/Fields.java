package dev.sluice.executor.definition;

import dev.sluice.shared.json.Json;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the properties of one object of a document. Each read names a property that the object may have; {@link #close}
 * reports all others, so that nothing an author wrote is ignored. A property that is JSON null counts as absent only
 * where that is said.
 */
final class Fields {

    private final JsonNode node;
    private final String pointer;
    private final Violations violations;
    private final boolean present;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(JsonNode node, boolean present, String pointer, Violations violations) {
        this.node = node;
        this.present = present;
        this.pointer = pointer;
        this.violations = violations;
    }

    /** The properties of a value; one that is not an object is reported and has none. */
    static Fields of(JsonNode node, String pointer, Violations violations) {
        if (node.isObject()) {
            return new Fields(node, true, pointer, violations);
        }
        violations.report(pointer, "must be an object, not " + kind(node));
        return new Fields(Json.object(), false, pointer, violations);
    }

    /** Whether the value is an object at all. */
    boolean present() {
        return present;
    }

    String pointer() {
        return pointer;
    }

    String pointer(String name) {
        return Pointers.child(pointer, name);
    }

    /** The names of all properties, where authors choose them. */
    Set<String> names() {
        return Set.copyOf(node.propertyNames());
    }

    /** Whether the property is there, whatever it is. */
    boolean has(String name) {
        known.add(name);
        return node.has(name);
    }

    /** A property that may be there and is not read. */
    void allow(String name) {
        known.add(name);
    }

    /** The property, or null when it is absent. */
    @Nullable
    JsonNode get(String name) {
        known.add(name);
        return node.get(name);
    }

    /** The property, which is reported when it is absent. */
    @Nullable
    JsonNode required(String name) {
        JsonNode value = get(name);
        if (value == null && present) {
            violations.report(pointer, "'" + name + "' is missing");
        }
        return value;
    }

    /** The text of a property, or null when it is absent or, which is reported, no string. */
    @Nullable
    String text(String name) {
        JsonNode value = get(name);
        return value == null ? null : text(value, pointer(name), violations);
    }

    @Nullable
    String requiredText(String name) {
        JsonNode value = required(name);
        return value == null ? null : text(value, pointer(name), violations);
    }

    /** A value that must be text. */
    static @Nullable String text(JsonNode value, String pointer, Violations violations) {
        if (value.isString()) {
            return value.stringValue();
        }
        String hint = value.isNumber() || value.isBoolean() ? "; put quotes around it" : "";
        violations.report(pointer, "must be a string, not " + kind(value) + hint);
        return null;
    }

    /** The properties of a property that is an object, or null when it is absent. */
    @Nullable
    Fields object(String name) {
        JsonNode value = get(name);
        return value == null ? null : of(value, pointer(name), violations);
    }

    @Nullable
    Boolean bool(String name) {
        JsonNode value = get(name);
        if (value != null && !value.isBoolean()) {
            violations.report(pointer(name), "must be true or false, not " + kind(value));
            return null;
        }
        return value == null ? null : value.booleanValue();
    }

    /** A whole number within bounds, or null when it is absent or, which is reported, anything else. */
    @Nullable
    Integer integer(String name, int least, int most) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        boolean whole = value.isIntegralNumber() && value.canConvertToInt();
        if (whole && value.intValue() >= least && value.intValue() <= most) {
            return value.intValue();
        }
        violations.report(pointer(name), "must be a whole number from " + least + " to " + most);
        return null;
    }

    /** One of some words in lower case, joined by hyphens, as the constant of an enum; the fallback when it is absent or reported. */
    <E extends Enum<E>> E choice(String name, Class<E> type, E fallback) {
        String text = text(name);
        if (text == null) {
            return fallback;
        }
        Set<String> words = new LinkedHashSet<>();
        for (E constant : type.getEnumConstants()) {
            String word = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (word.equals(text)) {
                return constant;
            }
            words.add(word);
        }
        violations.report(
                pointer(name),
                "must be one of " + String.join(", ", words) + ", not '" + text + '\''
                        + Suggestions.didYouMean(text, words));
        return fallback;
    }

    /** Any object, kept for the author's own purposes. */
    void freeForm(String name) {
        JsonNode value = get(name);
        if (value != null && !value.isObject()) {
            violations.report(pointer(name), "must be an object, not " + kind(value));
        }
    }

    /** Reports each property that nobody has read. */
    void close() {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                violations.report(
                        pointer(name), "unknown property '" + name + '\'' + Suggestions.didYouMean(name, known));
            }
        }
    }

    /** A value's kind in an author's words. */
    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL, MISSING, BINARY, POJO -> "nothing";
        };
    }
}

package dev.sluice.executor.expression.text;

import dev.sluice.executor.expression.limit.Budget;
import tools.jackson.databind.JsonNode;

/**
 * The compact JSON text of a value, as jq's {@code tojson} writes it: object keys in their order, only {@code "}, {@code \}
 * and control characters escaped, numbers as {@link NumberText} has them, {@code null} for what is no JSON. Values may be
 * nested as deep as memory allows. Thread-safe.
 */
public final class JsonText {

    private JsonText() {}

    /** The whole text; metered by its characters before they are written. */
    public static String of(JsonNode value, Budget budget) {
        StringBuilder text = new StringBuilder();
        write(value, text, budget);
        return text.toString();
    }

    /** Appends the whole text; metered by its characters before they are written. */
    public static void write(JsonNode value, StringBuilder text, Budget budget) {
        new JsonWriter(text, budget, Integer.MAX_VALUE).write(value);
    }

    /**
     * The beginning of the text, in time that depends on its length only: all of it, or about as many characters as are
     * asked for, never fewer. It may end within a number, an escape or a pair of surrogates.
     */
    public static String start(JsonNode value, int characters) {
        StringBuilder text = new StringBuilder(characters + 16);
        new JsonWriter(text, null, characters).write(value);
        return text.toString();
    }
}

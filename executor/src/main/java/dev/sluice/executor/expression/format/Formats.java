package dev.sluice.executor.expression.format;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.text.Dump;
import dev.sluice.executor.expression.text.JsonText;
import dev.sluice.executor.expression.value.JqException;
import tools.jackson.databind.JsonNode;

/**
 * The formats of jq 1.8 ({@code @csv}, {@code @base64d}, …) by name, and {@code @base32} with {@code @base32d}, which it has not.
 * Metered by the characters that are read and written, before they are. Thread-safe.
 */
public final class Formats {

    private Formats() {}

    /** Whether there is such a format; its name is without the {@code @}. */
    public static boolean exists(String name) {
        return switch (name) {
            case "text", "json", "csv", "tsv", "html", "uri", "urid", "sh", "base64", "base64d", "base32", "base32d" ->
                true;
            default -> false;
        };
    }

    /**
     * A value in a format.
     *
     * @param name without the {@code @}
     * @throws JqException for a value that the format does not take, and for an unknown name
     */
    public static String apply(String name, JsonNode value, Budget budget) {
        return switch (name) {
            case "text" -> text(value, budget);
            case "json" -> JsonText.of(value, budget);
            case "csv" -> Rows.csv(value, budget);
            case "tsv" -> Rows.tsv(value, budget);
            case "html" -> Escapes.HTML.apply(text(value, budget), budget);
            case "sh" -> Rows.sh(value, budget);
            case "uri" -> Uris.encode(text(value, budget), budget);
            case "urid" -> Uris.decode(text(value, budget), budget);
            case "base64" -> Radix.BASE64.encode(text(value, budget), budget);
            case "base64d" -> Radix.BASE64.decode(text(value, budget), budget);
            case "base32" -> Radix.BASE32.encode(text(value, budget), budget);
            case "base32d" -> Radix.BASE32.decode(text(value, budget), budget);
            default -> throw new JqException(name + " is not a valid format");
        };
    }

    /** What {@code tostring} gives: strings as they are, other values as JSON. */
    public static String text(JsonNode value, Budget budget) {
        return value.isString() ? value.stringValue() : JsonText.of(value, budget);
    }

    static JqException refused(JsonNode value, String why) {
        return new JqException(Dump.described(value) + ' ' + why);
    }
}

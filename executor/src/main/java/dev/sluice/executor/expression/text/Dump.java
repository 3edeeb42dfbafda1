package dev.sluice.executor.expression.text;

import tools.jackson.databind.JsonNode;

/** Values within error messages, cut as jq 1.8.1 cuts them, in bounded time whatever their size. Thread-safe. */
public final class Dump {

    /** Bytes that a value has in most messages. */
    private static final int SHORT = 14;

    /** Bytes that the value of an invalid path has. */
    private static final int LONG = 29;

    private static final String CUT = "...";

    private Dump() {}

    /** The compact text within {@value #SHORT} bytes of UTF-8, as most messages have it: {@code "very-long-...}. */
    public static String shortened(JsonNode value) {
        return cut(JsonText.start(value, SHORT + 1), SHORT);
    }

    /** The compact text within {@value #LONG} bytes of UTF-8, as messages about paths have it. */
    public static String excerpt(JsonNode value) {
        return cut(JsonText.start(value, LONG + 1), LONG);
    }

    /** The kind of a value in messages: {@code null}, {@code boolean}, {@code number}, {@code string}, {@code array}, {@code object}. */
    public static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case NULL, MISSING, BINARY, POJO -> "null";
        };
    }

    /** Kind and value as most messages begin: {@code array ([1,2])}. */
    public static String described(JsonNode value) {
        return kind(value) + " (" + shortened(value) + ')';
    }

    private static String cut(String text, int limit) {
        int bytes = 0;
        int kept = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            bytes += Utf8.length(codePoint);
            if (bytes <= limit - CUT.length()) {
                kept = i;
            } else if (bytes > limit) {
                return text.substring(0, kept) + CUT;
            }
        }
        return text;
    }
}

package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.text.JsonText;
import dev.sluice.executor.expression.value.Access;
import dev.sluice.executor.expression.value.Numbers;
import dev.sluice.executor.expression.value.Strings;
import dev.sluice.executor.expression.value.Values;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Builtins about what a value is, and from one type to another. */
final class TypeBuiltins {

    static final Map<String, Native> TABLE = Map.ofEntries(
            Map.entry("not/0", (in, arguments, budget) -> Values.of(!Values.isTrue(in))),
            Map.entry("type/0", (in, arguments, budget) -> Values.of(Values.type(in))),
            Map.entry("length/0", (in, arguments, budget) -> length(in, budget)),
            Map.entry("utf8bytelength/0", (in, arguments, budget) -> utf8ByteLength(in, budget)),
            Map.entry("tostring/0", (in, arguments, budget) -> text(in, budget)),
            Map.entry("tojson/0", (in, arguments, budget) -> Values.of(JsonText.of(in, budget), budget)),
            Map.entry("fromjson/0", (in, arguments, budget) -> JsonReader.read(in, budget)),
            Map.entry("tonumber/0", (in, arguments, budget) -> number(in)),
            Map.entry("toboolean/0", (in, arguments, budget) -> truth(in)),
            Map.entry("has/1", (in, arguments, budget) -> Values.of(Access.has(in, arguments[0], budget))),
            Map.entry("contains/1", (in, arguments, budget) -> Values.of(Access.includes(in, arguments[0], budget))),
            Map.entry("have_decnum/0", (in, arguments, budget) -> Values.of(true)),
            Map.entry("have_literal_numbers/0", (in, arguments, budget) -> Values.of(true)));

    private TypeBuiltins() {}

    static JsonNode length(JsonNode in, Budget budget) {
        return switch (in.getNodeType()) {
            case STRING -> Numbers.of((long) Strings.length(in.stringValue(), budget));
            case ARRAY, OBJECT -> Numbers.of((long) in.size());
            case NUMBER -> MathBuiltins.absolute(in);
            case NULL, MISSING, BINARY, POJO -> Numbers.of(0L);
            case BOOLEAN -> throw NativeTable.wrong(in, "has no length");
        };
    }

    private static JsonNode utf8ByteLength(JsonNode in, Budget budget) {
        if (!in.isString()) {
            throw NativeTable.wrong(in, "only strings have UTF-8 byte length");
        }
        String text = in.stringValue();
        budget.steps((text.length() >> 4) + 1);
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            budget.look(i);
            char c = text.charAt(i);
            // Half of a pair has two of the four bytes that a pair takes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return Numbers.of(bytes);
    }

    /** A string as it is, anything else as JSON. */
    static JsonNode text(JsonNode in, Budget budget) {
        return in.isString() ? in : Values.of(JsonText.of(in, budget), budget);
    }

    private static JsonNode number(JsonNode in) {
        if (in.isNumber()) {
            return in;
        }
        JsonNode number = in.isString() ? NumberReader.of(in.stringValue()) : null;
        if (number == null) {
            throw NativeTable.wrong(in, "cannot be parsed as a number");
        }
        return number;
    }

    private static JsonNode truth(JsonNode in) {
        if (in.isBoolean()) {
            return in;
        }
        if (in.isString() && in.stringValue().equals("true")) {
            return Values.of(true);
        }
        if (in.isString() && in.stringValue().equals("false")) {
            return Values.of(false);
        }
        throw NativeTable.wrong(in, "cannot be parsed as a boolean");
    }
}

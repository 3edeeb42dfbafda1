package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.format.Formats;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Numbers;
import dev.sluice.executor.expression.value.Strings;
import dev.sluice.executor.expression.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Builtins on strings. */
final class TextBuiltins {

    static final Map<String, Native> TABLE = Map.ofEntries(
            Map.entry("split/1", (in, arguments, budget) -> split(in, arguments[0], budget)),
            Map.entry("startswith/1", (in, arguments, budget) -> Values.of(starts(in, arguments[0], budget))),
            Map.entry("endswith/1", (in, arguments, budget) -> Values.of(ends(in, arguments[0], budget))),
            Map.entry("ltrimstr/1", (in, arguments, budget) -> withoutStart(in, arguments[0], budget)),
            Map.entry("rtrimstr/1", (in, arguments, budget) -> withoutEnd(in, arguments[0], budget)),
            Map.entry(
                    "trimstr/1",
                    (in, arguments, budget) ->
                            withoutEnd(withoutStart(in, arguments[0], budget), arguments[0], budget)),
            Map.entry("trim/0", (in, arguments, budget) -> trimmed(in, true, true, budget)),
            Map.entry("ltrim/0", (in, arguments, budget) -> trimmed(in, true, false, budget)),
            Map.entry("rtrim/0", (in, arguments, budget) -> trimmed(in, false, true, budget)),
            Map.entry("explode/0", (in, arguments, budget) -> exploded(in, budget)),
            Map.entry("implode/0", (in, arguments, budget) -> imploded(in, budget)),
            Map.entry(
                    "ascii_downcase/0",
                    (in, arguments, budget) -> mapped(in, c -> c >= 'A' && c <= 'Z' ? c + 32 : c, budget)),
            Map.entry(
                    "ascii_upcase/0",
                    (in, arguments, budget) -> mapped(in, c -> c >= 'a' && c <= 'z' ? c - 32 : c, budget)),
            Map.entry("format/1", (in, arguments, budget) -> formatted(in, arguments[0], budget)));

    private TextBuiltins() {}

    static @Nullable Native format(String name) {
        if (name.equals("text")) {
            return (in, arguments, budget) -> TypeBuiltins.text(in, budget);
        }
        return Formats.exists(name)
                ? (in, arguments, budget) -> Values.of(Formats.apply(name, in, budget), budget)
                : null;
    }

    private static JsonNode formatted(JsonNode in, JsonNode name, Budget budget) {
        if (!name.isString()) {
            throw NativeTable.wrong(name, "is not a valid format");
        }
        Native format = format(name.stringValue());
        if (format == null) {
            throw new JqException(name.stringValue() + " is not a valid format");
        }
        return format.apply(in, new JsonNode[0], budget);
    }

    private static JsonNode split(JsonNode in, JsonNode separator, Budget budget) {
        if (!in.isString() || !separator.isString()) {
            throw new JqException("split input and separator must be strings");
        }
        return Strings.split(in.stringValue(), separator.stringValue(), budget);
    }

    private static boolean starts(JsonNode in, JsonNode start, Budget budget) {
        if (!in.isString() || !start.isString()) {
            throw new JqException("startswith() requires string inputs");
        }
        budget.steps(start.stringValue().length() >> 6);
        return in.stringValue().startsWith(start.stringValue());
    }

    private static boolean ends(JsonNode in, JsonNode end, Budget budget) {
        if (!in.isString() || !end.isString()) {
            throw new JqException("endswith() requires string inputs");
        }
        budget.steps(end.stringValue().length() >> 6);
        return in.stringValue().endsWith(end.stringValue());
    }

    private static JsonNode withoutStart(JsonNode in, JsonNode start, Budget budget) {
        return starts(in, start, budget)
                ? part(in, start.stringValue().length(), in.stringValue().length(), budget)
                : in;
    }

    private static JsonNode withoutEnd(JsonNode in, JsonNode end, Budget budget) {
        return ends(in, end, budget)
                ? part(in, 0, in.stringValue().length() - end.stringValue().length(), budget)
                : in;
    }

    private static JsonNode part(JsonNode in, int from, int upto, Budget budget) {
        budget.bytes(Values.STRING);
        budget.characters(upto - from);
        return Values.of(in.stringValue().substring(from, upto));
    }

    private static JsonNode trimmed(JsonNode in, boolean left, boolean right, Budget budget) {
        if (!in.isString()) {
            throw new JqException("trim input must be a string");
        }
        String text = in.stringValue();
        int start = 0;
        int end = text.length();
        while (left && start < end && isSpace(text.charAt(start))) {
            budget.look(++start);
        }
        while (right && end > start && isSpace(text.charAt(end - 1))) {
            budget.look(--end);
        }
        budget.steps((text.length() - (end - start)) >> 4);
        return end - start == text.length() ? in : part(in, start, end, budget);
    }

    /** Unicode's White_Space, all of which is in the basic plane. */
    private static boolean isSpace(char c) {
        return (c >= '\t' && c <= '\r') || c == '\u0085' || Character.isSpaceChar(c);
    }

    private static JsonNode exploded(JsonNode in, Budget budget) {
        String text = string(in);
        List<JsonNode> points = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            budget.step();
            budget.bytes(Values.ELEMENT + 16);
            points.add(Numbers.of((long) point));
            at += Character.charCount(point);
        }
        return Values.array(points, budget);
    }

    private static JsonNode imploded(JsonNode in, Budget budget) {
        if (!in.isArray()) {
            throw new JqException("implode input must be an array");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode point : in) {
            budget.step();
            budget.bytes(4);
            if (!point.isNumber() || Double.isNaN(Numbers.value(point))) {
                throw NativeTable.wrong(point, "can't be imploded, unicode codepoint needs to be numeric");
            }
            double value = Numbers.value(point);
            int code = (int) value;
            boolean valid = value > -1 && Character.isValidCodePoint(code) && (code >> 11) != 0x1b;
            text.appendCodePoint(valid ? code : 0xFFFD);
        }
        return Values.of(text.toString(), budget);
    }

    private static JsonNode mapped(JsonNode in, IntUnaryOperator change, Budget budget) {
        String text = string(in);
        budget.bytes(Values.STRING);
        budget.characters(text.length());
        StringBuilder mapped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            budget.look(i);
            mapped.append((char) change.applyAsInt(text.charAt(i)));
        }
        return Values.of(mapped.toString());
    }

    private static String string(JsonNode in) {
        if (!in.isString()) {
            throw new JqException("explode input must be a string");
        }
        return in.stringValue();
    }
}

package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.regex.Match;
import dev.sluice.executor.expression.regex.Regex;
import dev.sluice.executor.expression.regex.RegexException;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Numbers;
import dev.sluice.executor.expression.value.Strings;
import dev.sluice.executor.expression.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code test}, {@code match} and all that is said in terms of them are made of. */
final class RegexBuiltins {

    static final Map<String, Native> TABLE = Map.of(
            "_regex/2", (in, arguments, budget) -> one(in, arguments, budget),
            "_regex/3",
                    (in, arguments, budget) ->
                            matched(in, arguments[0].stringValue(), arguments[1], arguments[2], budget));

    private RegexBuiltins() {}

    /** With one argument that is a pattern, or an array of a pattern and flags. */
    private static JsonNode one(JsonNode in, JsonNode[] arguments, Budget budget) {
        JsonNode argument = arguments[1];
        String what = arguments[0].stringValue();
        if (argument.isString()) {
            return matched(in, what, argument, Values.NULL, budget);
        }
        if (!argument.isArray() || argument.isEmpty()) {
            throw new JqException(Values.type(argument) + " not a string or array");
        }
        JsonNode flags = argument.size() > 1 ? argument.get(1) : Values.NULL;
        return matched(in, what, argument.get(0), flags, budget);
    }

    private static JsonNode matched(JsonNode in, String what, JsonNode pattern, JsonNode flags, Budget budget) {
        if (!in.isString()) {
            throw NativeTable.wrong(in, "cannot be matched, as it is not a string");
        }
        if (!pattern.isString()) {
            throw NativeTable.wrong(pattern, "is not a string");
        }
        if (!flags.isString() && !flags.isNull()) {
            throw NativeTable.wrong(flags, "is not a string");
        }
        String letters = flags.isNull() ? "" : flags.stringValue();
        Regex regex = compiled(pattern.stringValue(), letters, budget);
        if (what.equals("test")) {
            return Values.of(next(regex, in.stringValue(), 0, letters.indexOf('n') >= 0, budget) != null);
        }
        return new Matching(in.stringValue(), regex, budget).all(letters.indexOf('g') >= 0, letters.indexOf('n') >= 0);
    }

    private static Regex compiled(String pattern, String flags, Budget budget) {
        try {
            return Regex.compile(pattern, flags, budget);
        } catch (RegexException e) {
            throw new JqException(e.getMessage() == null ? "invalid regular expression" : e.getMessage());
        }
    }

    /** The next match from a place on; empty ones passed over where they do not count. */
    private static @Nullable Match next(Regex regex, String text, int from, boolean filled, Budget budget) {
        for (int at = from; at <= text.length(); ) {
            budget.step();
            Match match = regex.find(text, at, budget);
            if (match == null || !filled || match.end(0) > match.start(0)) {
                return match;
            }
            at = after(text, match.end(0));
        }
        return null;
    }

    private static int after(String text, int at) {
        return at < text.length() ? text.offsetByCodePoints(at, 1) : at + 1;
    }

    /** Makes objects of matches; places are counted in code points, from the last one on. */
    private static final class Matching {

        private final String text;
        private final Regex regex;
        private final Budget budget;
        private int counted;
        private int points;

        Matching(String text, Regex regex, Budget budget) {
            this.text = text;
            this.regex = regex;
            this.budget = budget;
        }

        JsonNode all(boolean global, boolean filled) {
            List<JsonNode> matches = new ArrayList<>();
            int from = 0;
            Match match = next(regex, text, from, filled, budget);
            while (match != null) {
                budget.bytes(Values.ELEMENT);
                matches.add(object(match));
                from = match.end(0) > match.start(0) ? match.end(0) : after(text, match.end(0));
                match = global && from <= text.length() ? next(regex, text, from, filled, budget) : null;
            }
            return Values.array(matches, budget);
        }

        private JsonNode object(Match match) {
            ObjectNode object = part(match, 0);
            ArrayNode captures = Values.array(match.groupCount(), budget);
            for (int i = 1; i <= match.groupCount(); i++) {
                ObjectNode capture = capture(match, i);
                String name = regex.groups().get(i - 1);
                Values.put(capture, "name", name == null ? Values.NULL : Values.of(name), budget);
                captures.add(capture);
            }
            Values.put(object, "captures", captures, budget);
            return object;
        }

        /** An empty one has its string before its length, which is what jq does. */
        private ObjectNode capture(Match match, int group) {
            ObjectNode capture = part(match, group);
            if (match.start(group) == match.end(group)) {
                JsonNode length = capture.remove("length");
                Values.put(capture, "length", length, budget);
            }
            return capture;
        }

        private ObjectNode part(Match match, int group) {
            int start = match.start(group);
            int end = match.end(group);
            ObjectNode part = Values.object(budget);
            Values.put(part, "offset", Numbers.of((long) (start < 0 ? -1 : offset(start))), budget);
            Values.put(
                    part,
                    "length",
                    Numbers.of((long) (start < 0 ? 0 : Strings.count(text, start, end, budget))),
                    budget);
            Values.put(part, "string", start < 0 ? Values.NULL : Values.of(text.substring(start, end), budget), budget);
            budget.steps((Math.max(0, end - start) >> 3) + 1);
            return part;
        }

        private int offset(int start) {
            budget.steps(Math.abs(start - counted) >> 4);
            points += start >= counted
                    ? Strings.count(text, counted, start, budget)
                    : -Strings.count(text, start, counted, budget);
            counted = start;
            return points;
        }
    }
}

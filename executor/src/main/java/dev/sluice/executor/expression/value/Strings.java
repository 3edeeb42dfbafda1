package dev.sluice.executor.expression.value;

import dev.sluice.executor.expression.limit.Budget;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Strings counted in Unicode code points, as jq counts them; Java's UTF-16 indices do not leave this package. */
public final class Strings {

    private Strings() {}

    /** The number of code points. */
    public static int length(String text, Budget budget) {
        budget.steps((text.length() >> 4) + 1);
        return text.codePointCount(0, text.length());
    }

    /** The code points from one to before another, counted from 0 and within the text. */
    static String slice(String text, int from, int upto, Budget budget) {
        int start = text.offsetByCodePoints(0, from);
        String slice = text.substring(start, text.offsetByCodePoints(start, upto - from));
        budget.characters(slice.length());
        return slice;
    }

    /** The parts between separators; with an empty one, the code points. An empty text has no parts. */
    public static JsonNode split(String text, String separator, Budget budget) {
        budget.steps((text.length() >> 3) + 1);
        if (text.isEmpty()) {
            return Values.array(0, budget);
        }
        List<JsonNode> parts = new ArrayList<>();
        if (separator.isEmpty()) {
            for (int at = 0; at < text.length(); ) {
                int next = text.offsetByCodePoints(at, 1);
                part(text.substring(at, next), parts, budget);
                at = next;
            }
            return Values.array(parts, budget);
        }
        int start = 0;
        for (int at = find(text, separator, 0, budget); at >= 0; at = find(text, separator, start, budget)) {
            part(text.substring(start, at), parts, budget);
            start = at + separator.length();
        }
        part(text.substring(start), parts, budget);
        return Values.array(parts, budget);
    }

    private static void part(String part, List<JsonNode> parts, Budget budget) {
        budget.step();
        budget.bytes(Values.ELEMENT);
        parts.add(Values.of(part, budget));
    }

    /** Where a text is found in another, both in code points from 0; overlapping ones too. */
    static ArrayNode indices(String text, String wanted, Budget budget) {
        List<JsonNode> found = new ArrayList<>();
        int points = 0;
        int counted = 0;
        for (int at = wanted.isEmpty() ? -1 : find(text, wanted, 0, budget);
                at >= 0;
                at = find(text, wanted, at + 1, budget)) {
            budget.steps(((at - counted) >> 4) + 1);
            points += text.codePointCount(counted, at);
            counted = at;
            budget.bytes(Values.ELEMENT + 16);
            found.add(Numbers.of((long) points));
        }
        return Values.array(found, budget);
    }

    /** Searches in pieces, so that the clock is looked at; each character that is compared counts. */
    public static int find(String text, String wanted, int from, Budget budget) {
        int piece = Math.max(1 << 14, wanted.length());
        int last = text.length() - wanted.length();
        for (int at = from; at <= last; at += piece) {
            int end = (int) Math.min(text.length(), (long) at + piece + wanted.length() - 1);
            int found = text.indexOf(wanted, at, end);
            int searched = (found < 0 ? end : found + 1) - at;
            budget.steps(1 + (searched >> 4) + (long) (searched >> 8) * (wanted.length() >> 4));
            if (found >= 0) {
                return found;
            }
        }
        return -1;
    }
}

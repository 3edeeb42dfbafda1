package dev.sluice.executor.expression.value;

import dev.sluice.executor.expression.limit.Budget;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Strings counted in Unicode code points, as jq counts them; Java's UTF-16 indices do not leave this package. */
public final class Strings {

    /** Characters that are gone over between two looks at the clock. */
    private static final int PIECE = 1 << 13;

    /** Longest text that is searched for by Java itself. */
    private static final int SHORT = 32;

    private Strings() {}

    /** The number of code points. */
    public static int length(String text, Budget budget) {
        budget.steps((text.length() >> 4) + 1);
        return count(text, 0, text.length(), budget);
    }

    /** The number of code points between two places; its steps have been counted before. */
    public static int count(String text, int from, int upto, Budget budget) {
        int count = 0;
        int at = from;
        while (upto - at > PIECE) {
            // Not between the halves of a pair.
            int end = at + PIECE - (Character.isHighSurrogate(text.charAt(at + PIECE - 1)) ? 1 : 0);
            count += text.codePointCount(at, end);
            at = end;
            budget.look(0);
        }
        return count + text.codePointCount(at, upto);
    }

    private static int offset(String text, int from, int points, Budget budget) {
        int at = from;
        int left = points;
        while (left > PIECE) {
            at = text.offsetByCodePoints(at, PIECE);
            left -= PIECE;
            budget.look(0);
        }
        return text.offsetByCodePoints(at, left);
    }

    /** The code points from one to before another, counted from 0 and within the text. */
    static String slice(String text, int from, int upto, Budget budget) {
        int start = offset(text, 0, from, budget);
        int end = offset(text, start, upto - from, budget);
        budget.bytes(Values.STRING);
        budget.characters(end - start);
        return text.substring(start, end);
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
            points += count(text, counted, at, budget);
            counted = at;
            budget.bytes(Values.ELEMENT + 16);
            found.add(Numbers.of((long) points));
        }
        return Values.array(found, budget);
    }

    /** Searches in pieces, so that the clock is looked at; each character that is compared counts. */
    public static int find(String text, String wanted, int from, Budget budget) {
        if (wanted.length() > SHORT) {
            return findLong(text, wanted, from, budget);
        }
        int last = text.length() - wanted.length();
        for (int at = from; at <= last; at += PIECE) {
            int end = (int) Math.min(text.length(), (long) at + PIECE + wanted.length() - 1);
            int found = text.indexOf(wanted, at, end);
            int searched = (found < 0 ? end : found + 1) - at;
            budget.steps(1 + (searched >> 4));
            if (found >= 0) {
                return found;
            }
        }
        return -1;
    }

    /** Each character is compared twice at most (Knuth, Morris, Pratt), where Java's search compares all again at each place. */
    private static int findLong(String text, String wanted, int from, Budget budget) {
        if (text.length() - from < wanted.length()) {
            return -1;
        }
        int length = wanted.length();
        budget.steps(length >> 3);
        budget.bytes(4L * length);
        int[] borders = new int[length + 1];
        borders[0] = -1;
        for (int i = 0, border = -1; i < length; borders[++i] = ++border) {
            budget.look(i);
            while (border >= 0 && wanted.charAt(i) != wanted.charAt(border)) {
                border = borders[border];
            }
        }
        int same = 0;
        for (int at = from; at < text.length(); at++) {
            if ((at & 0x3f) == 0) {
                budget.steps(1 << 3);
            }
            while (same >= 0 && text.charAt(at) != wanted.charAt(same)) {
                same = borders[same];
            }
            if (++same == length) {
                return at + 1 - length;
            }
        }
        return -1;
    }
}

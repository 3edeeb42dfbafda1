package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.Arithmetic;
import dev.sluice.executor.expression.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** A text between and around the matches of a pattern, in one walk: what {@code splits} and {@code sub} are made of. */
final class Pieces {

    static final Map<String, Native> TABLE = Map.of(
            "_gaps/1", (in, arguments, budget) -> gaps(in.stringValue(), arguments[0], budget),
            "_substituted/2",
                    (in, arguments, budget) -> substituted(in.stringValue(), arguments[0], arguments[1], budget));

    private Pieces() {}

    /** What is before each match and after the last, one more than there are matches. Offsets of matches are in code points. */
    private static ArrayNode gaps(String text, JsonNode matches, Budget budget) {
        ArrayNode gaps = Values.array(matches.size() + 1, budget);
        budget.characters(text.length());
        int index = 0;
        int offset = 0;
        for (JsonNode match : matches) {
            budget.step();
            int start = text.offsetByCodePoints(index, match.path("offset").intValue() - offset);
            gaps.add(Values.of(text.substring(index, start), budget));
            int length = match.path("length").intValue();
            offset = match.path("offset").intValue() + length;
            index = text.offsetByCodePoints(start, length);
        }
        gaps.add(Values.of(text.substring(index), budget));
        return gaps;
    }

    /**
     * The texts in which each match is replaced: the first has the first insert of each match, and so on; where a match has fewer, what
     * is before it is left out too.
     *
     * @param inserts an array for each match
     */
    private static JsonNode substituted(String text, JsonNode matches, JsonNode inserts, Budget budget) {
        ArrayNode gaps = gaps(text, matches, budget);
        List<StringBuilder> texts = new ArrayList<>();
        for (int i = 0; i < inserts.size(); i++) {
            JsonNode ofMatch = inserts.get(i);
            for (int index = 0; index < ofMatch.size(); index++) {
                budget.step();
                if (index == texts.size()) {
                    budget.bytes(Values.STRING);
                    texts.add(new StringBuilder());
                }
                append(texts.get(index), Arithmetic.add(gaps.get(i), ofMatch.get(index), budget), budget);
            }
        }
        JsonNode rest = gaps.get(matches.size());
        ArrayNode all = Values.array(texts.size(), budget);
        for (StringBuilder one : texts) {
            append(one, rest, budget);
            budget.characters(one.length());
            all.add(Values.of(one.toString(), budget));
        }
        return all;
    }

    private static void append(StringBuilder text, JsonNode piece, Budget budget) {
        budget.characters(piece.stringValue().length());
        text.append(piece.stringValue());
    }
}

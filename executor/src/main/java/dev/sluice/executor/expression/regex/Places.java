package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.regex.Node.Place;

/** What is asked about a position in a text. */
final class Places {

    private Places() {}

    /** Whether it is such a place; {@code from} is where the search began. */
    static boolean holds(Place place, String text, int at, int from) {
        int length = text.length();
        return switch (place) {
            case BEGIN -> at == 0;
            case END -> at == length;
            case END_OR_LAST_NEWLINE -> at == length || (at == length - 1 && text.charAt(at) == '\n');
            case LINE_BEGIN -> at == 0 || (at < length && text.charAt(at - 1) == '\n');
            case LINE_END -> at == length || text.charAt(at) == '\n';
            case WORD_EDGE -> isWordEdge(text, at);
            case NO_WORD_EDGE -> !isWordEdge(text, at);
            case SEARCH_BEGIN -> at == from;
        };
    }

    private static boolean isWordEdge(String text, int at) {
        boolean before = at > 0 && CharSet.WORD.contains(text.codePointBefore(at));
        boolean after = at < text.length() && CharSet.WORD.contains(text.codePointAt(at));
        return before != after;
    }
}

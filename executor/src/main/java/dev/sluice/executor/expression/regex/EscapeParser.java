package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.regex.Escapes.Escape;
import dev.sluice.executor.expression.regex.Node.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Escapes outside of classes that stand for more than a character. */
final class EscapeParser {

    private final Source source;
    private final Escapes escapes;
    private final Groups groups;

    EscapeParser(Source source, Escapes escapes, Groups groups) {
        this.source = source;
        this.escapes = escapes;
        this.groups = groups;
    }

    /** What the letter after a backslash stands for; null if for a character. */
    @Nullable
    Node parse(int c, boolean fold) {
        return switch (c) {
            case 'A' -> new Node.At(Place.BEGIN);
            case 'z' -> new Node.At(Place.END);
            case 'Z' -> new Node.At(Place.END_OR_LAST_NEWLINE);
            case 'b' -> new Node.At(Place.WORD_EDGE);
            case 'B' -> new Node.At(Place.NO_WORD_EDGE);
            case 'G' -> new Node.At(Place.SEARCH_BEGIN);
            case 'K' -> new Node.Keep();
            case 'R' -> new Node.Newline();
            case 'N' -> new Node.OneOf(CharSet.NOT_NEWLINE);
            case 'O' -> new Node.OneOf(CharSet.ANY);
            case 'X', 'y', 'Y' -> throw source.invalid("\\" + (char) c + " is not supported");
            case 'g' -> call();
            case 'k' -> named(fold);
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> numbered(fold);
            default -> set(c);
        };
    }

    private @Nullable Node set(int c) {
        Escape escape = escapes.set(c);
        return escape == null ? null : new Node.OneOf(CharSet.of(escape.property(), escape.negated()));
    }

    private @Nullable Node call() {
        if (source.looksAt("<") || source.looksAt("'")) {
            throw source.invalid("subexpression calls are not supported");
        }
        return null;
    }

    private @Nullable Node named(boolean fold) {
        if (!source.looksAt("<") && !source.looksAt("'")) {
            return null;
        }
        char end = source.next() == '<' ? '>' : '\'';
        String name = source.until(end, "invalid group name <>");
        if (!isNumber(name)) {
            return new Node.Reference(groups.referenced(name), fold);
        }
        int number = Integer.parseInt(name);
        int group = name.charAt(0) == '-'
                ? groups.count() + 1 + number
                : name.charAt(0) == '+' ? groups.count() + number : number;
        return new Node.Reference(groups.referenced(group), fold);
    }

    /** A group that there is already, or one of one digit; else an octal number. */
    private @Nullable Node numbered(boolean fold) {
        int start = source.position();
        source.reset(start - 1);
        int number = source.number(10, 9);
        if (number > 9 && number > groups.count()) {
            source.reset(start);
            return null;
        }
        List<Integer> group = groups.referenced(number);
        return new Node.Reference(group, fold);
    }

    private static boolean isNumber(String name) {
        int from = name.startsWith("-") || name.startsWith("+") ? 1 : 0;
        return from < name.length()
                && name.length() <= 7
                && name.substring(from).chars().allMatch(c -> c >= '0' && c <= '9');
    }
}

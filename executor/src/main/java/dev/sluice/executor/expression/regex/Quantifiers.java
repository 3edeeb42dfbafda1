package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.regex.Node.Greed;
import org.jspecify.annotations.Nullable;

/** Reads how often something is repeated. */
final class Quantifiers {

    private static final int MOST = 100_000;
    private static final int DIGITS = 65_536;
    /** Quantifiers of quantifiers. */
    private static final int DEPTH = 3;

    private final Source source;
    private final Groups groups;

    Quantifiers(Source source, Groups groups) {
        this.source = source;
        this.groups = groups;
    }

    /** The node with the quantifier that comes next, after so many others; null if there is none. */
    @Nullable
    Node apply(Node node, int before) {
        Bounds bounds = bounds();
        if (bounds == null) {
            return null;
        }
        if (node instanceof Node.At || node instanceof Node.Look || node instanceof Node.Keep) {
            throw source.invalid("target of repeat operator is invalid");
        }
        if (before >= DEPTH) {
            throw source.invalid("parse depth limit over");
        }
        Greed greed = source.take('?') ? Greed.LAZY : Greed.GREEDY;
        boolean possessive = greed == Greed.GREEDY && source.take('+');
        return repeat(node, bounds, possessive ? Greed.POSSESSIVE : greed);
    }

    /** For a brace where nothing is that could be repeated. */
    void refuseInterval() {
        int start = source.position();
        source.reset(start - 1);
        if (bounds() != null) {
            throw withoutTarget();
        }
        source.reset(start);
    }

    RegexException withoutTarget() {
        return source.invalid("target of repeat operator is not specified");
    }

    private Node repeat(Node node, Bounds bounds, Greed greed) {
        if (bounds.most == 0 || node instanceof Node.Empty) {
            return new Node.Empty();
        }
        if (greed == Greed.POSSESSIVE && !(node instanceof Node.Single)) {
            return new Node.Atomic(repeat(node, bounds, Greed.GREEDY), groups.register(1));
        }
        boolean once = bounds.least == 1 && bounds.most == 1;
        return once ? node : new Node.Repeat(node, bounds.least, bounds.most, greed, groups.register(1));
    }

    private @Nullable Bounds bounds() {
        return switch (source.peek()) {
            case '*' -> bounds(0, Node.UNBOUNDED);
            case '+' -> bounds(1, Node.UNBOUNDED);
            case '?' -> bounds(0, 1);
            case '{' -> interval();
            default -> null;
        };
    }

    private Bounds bounds(int least, int most) {
        source.skip();
        return new Bounds(least, most);
    }

    /** {n}, {n,} or {n,m}; in jq's syntax all else after a brace is characters, {,m} too. */
    private @Nullable Bounds interval() {
        int start = source.position();
        source.skip();
        int least = source.number(10, DIGITS);
        int most = source.take(',') ? source.number(10, DIGITS) : least;
        if (least < 0 || !source.take('}')) {
            source.reset(start);
            return null;
        }
        if (least > MOST || most > MOST) {
            throw source.invalid("too big number for repeat range");
        }
        if (most >= 0 && most < least) {
            throw source.invalid("upper is smaller than lower in repeat range");
        }
        return new Bounds(least, most < 0 ? Node.UNBOUNDED : most);
    }

    private record Bounds(int least, int most) {}
}

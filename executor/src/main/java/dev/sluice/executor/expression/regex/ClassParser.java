package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.regex.Escapes.Escape;

/**
 * Reads a class in brackets. In jq's syntax "[" within one is a character, unless it begins a POSIX bracket, and "&amp;&amp;" two.
 */
final class ClassParser {

    private static final int SET = -2;
    private static final int PROPERTIES = 32;
    /** As far as Oniguruma looks for the end of what may be a POSIX bracket. */
    private static final int NAME = 20;

    private final Source source;
    private final Escapes escapes;
    private final Budget budget;
    private CharSet.Builder set = new CharSet.Builder();

    ClassParser(Source source, Escapes escapes, Budget budget) {
        this.source = source;
        this.escapes = escapes;
        this.budget = budget;
    }

    /** The bracket has been read. */
    CharSet parse(boolean fold) {
        set = new CharSet.Builder();
        boolean negated = source.take('^');
        if (source.take(']')) {
            first();
        }
        while (!source.take(']')) {
            part();
        }
        budget.steps(16L + 32L * set.properties());
        return set.build(fold, negated);
    }

    /** A bracket right at the begin is a character. */
    private void first() {
        if (!source.has("]")) {
            throw source.invalid("empty char-class");
        }
        rangeFrom(']');
    }

    private void part() {
        int low = item();
        if (low != SET) {
            rangeFrom(low);
        } else if (source.looksAt("-") && !source.looksAt("-]")) {
            throw source.invalid("unmatched range specifier in char-class");
        }
    }

    private void rangeFrom(int low) {
        if (source.looksAt("-]") || !source.take('-')) {
            set.range(low, low);
            return;
        }
        int high = item();
        if (high == SET) {
            throw source.invalid("char-class value at end of range");
        }
        if (high < low) {
            throw source.invalid("empty range in char class");
        }
        set.range(low, high);
        // In [a-c-e] the second one stands for itself.
        if (source.take('-')) {
            set.range('-', '-');
        }
    }

    /** The next character, or SET after a set of them was added. */
    private int item() {
        int c = source.next();
        if (c == Source.END) {
            throw source.invalid("premature end of char-class");
        }
        if (c == '[' && source.looksAt(":")) {
            return posix();
        }
        return c == '\\' ? escape() : c;
    }

    private int escape() {
        int c = source.next();
        Escape escape = escapes.set(c);
        if (escape != null) {
            add(escape.property(), escape.negated());
            return SET;
        }
        return c == 'b' ? '\b' : escapes.character(c);
    }

    private int posix() {
        int start = source.position();
        source.skip();
        boolean not = source.take('^');
        StringBuilder name = new StringBuilder();
        while (name.length() < NAME && source.peek() != ':' && source.peek() != ']' && source.peek() != Source.END) {
            name.appendCodePoint(source.next());
        }
        if (!source.take(":]")) {
            source.reset(start);
            return '[';
        }
        Property property = Properties.posix(name.toString());
        if (property == null) {
            throw source.invalid("invalid POSIX bracket type");
        }
        add(property, not);
        return SET;
    }

    private void add(Property property, boolean not) {
        set.property(property, not);
        if (set.properties() > PROPERTIES) {
            throw source.invalid("too many properties in char-class");
        }
    }
}

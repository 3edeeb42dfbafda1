package dev.sluice.executor.expression.regex;

import org.jspecify.annotations.Nullable;

/** Escapes that stand for one character or for a property, within classes and outside. */
final class Escapes {

    private static final String SHORT = "too short multibyte code string";

    private final Source source;

    Escapes(Source source) {
        this.source = source;
    }

    /** The character after a backslash that {@code c} begins; itself where it means nothing. */
    int character(int c) {
        return switch (c) {
            case Source.END -> throw source.invalid("end pattern at escape");
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'a' -> 0x07;
            case 'e' -> 0x1B;
            case 'c' -> control();
            case 'x' -> source.take('{') ? braced(16, 8) : unit(Math.max(0, source.number(16, 2)));
            case 'o' -> source.take('{') ? braced(8, 11) : c;
            case '0' -> unit(Math.max(0, source.number(8, 2)));
            case '1', '2', '3', '4', '5', '6', '7' -> octal();
            default -> c;
        };
    }

    /** The set that the letter after a backslash stands for, or null. */
    @Nullable
    Escape set(int c) {
        return switch (c) {
            case 'd' -> new Escape(Property.Named.DIGIT, false);
            case 'D' -> new Escape(Property.Named.DIGIT, true);
            case 'w' -> new Escape(Property.Named.WORD, false);
            case 'W' -> new Escape(Property.Named.WORD, true);
            case 's' -> new Escape(Property.Named.SPACE, false);
            case 'S' -> new Escape(Property.Named.SPACE, true);
            case 'p', 'P' -> source.take('{') ? property(c == 'P') : null;
            default -> null;
        };
    }

    private Escape property(boolean not) {
        boolean circumflex = source.take('^');
        String name = source.until('}', "invalid character property name {}");
        Property property = Properties.named(name);
        if (property == null) {
            throw source.invalid("invalid character property name {" + name + '}');
        }
        return new Escape(property, not != circumflex);
    }

    private int braced(int base, int digits) {
        int value = source.number(base, digits);
        if (source.number(base, 1) >= 0) {
            throw source.invalid("too long wide-char value");
        }
        if (!source.take('}') || value < 0 || isSurrogate(value)) {
            throw source.invalid("invalid code point value");
        }
        if (value > Character.MAX_CODE_POINT) {
            throw source.invalid("too big wide-char value");
        }
        return value;
    }

    private int octal() {
        source.reset(source.position() - 1);
        return unit(source.number(8, 3));
    }

    private int control() {
        int c = source.next();
        if (c == Source.END) {
            throw source.invalid("end pattern at control");
        }
        int plain = c == '\\' ? character(source.next()) : c;
        return plain == '?' ? 0x7F : plain & 0x9F;
    }

    /** Units are those of UTF-8: from 128 on several make a character. */
    private int unit(int first) {
        if (first < 0x80) {
            return first;
        }
        int more = first < 0xC2 || first > 0xF4 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
        int value = first & (0x3F >> more);
        for (int i = 0; i < more; i++) {
            int next = source.take("\\x") ? source.number(16, 2) : -1;
            if (next < 0x80 || next > 0xBF) {
                throw source.invalid(SHORT);
            }
            value = (value << 6) | (next & 0x3F);
        }
        int least = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
        if (more == 0 || value < least || value > Character.MAX_CODE_POINT || isSurrogate(value)) {
            throw source.invalid(SHORT);
        }
        return value;
    }

    private static boolean isSurrogate(int value) {
        return value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
    }

    /** A property, or all that does not have it. */
    record Escape(Property property, boolean negated) {}
}

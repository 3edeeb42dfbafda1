package dev.sluice.executor.expression.regex;

import java.lang.Character.UnicodeBlock;
import java.lang.Character.UnicodeScript;
import java.util.Arrays;

/** A set of characters that Unicode names. Equal ones are equal. */
sealed interface Property {

    /** Whether a character has it. */
    boolean test(int character);

    /** Character.getType gives one of some categories. */
    record Category(int mask) implements Property {
        @Override
        public boolean test(int character) {
            return ((mask >> Character.getType(character)) & 1) != 0;
        }
    }

    /** Written in a script. */
    record Script(UnicodeScript script) implements Property {
        @Override
        public boolean test(int character) {
            return UnicodeScript.of(character) == script;
        }
    }

    /** In a block. */
    record Block(UnicodeBlock block) implements Property {
        @Override
        public boolean test(int character) {
            return block.equals(UnicodeBlock.of(character));
        }
    }

    /** A name of its own. */
    enum Named implements Property {
        ANY,
        ASCII,
        ASSIGNED,
        ALNUM,
        ALPHA,
        BLANK,
        DIGIT,
        GRAPH,
        LOWER,
        PRINT,
        SPACE,
        UPPER,
        WORD,
        XDIGIT,
        IDEOGRAPHIC,
        ID_START,
        ID_CONTINUE,
        EMOJI,
        EMOJI_PRESENTATION,
        EMOJI_MODIFIER,
        EMOJI_MODIFIER_BASE,
        EMOJI_COMPONENT,
        EXTENDED_PICTOGRAPHIC;

        private static final int MARKS =
                mask(Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK);
        private static final int WORDS = MARKS | mask(Character.DECIMAL_DIGIT_NUMBER, Character.CONNECTOR_PUNCTUATION);
        private static final int BLANKS = 1 << Character.SPACE_SEPARATOR;
        private static final int UNSEEN = mask(Character.CONTROL, Character.UNASSIGNED, Character.SURROGATE);

        @Override
        public boolean test(int c) {
            return switch (this) {
                case ANY -> true;
                case ASCII -> c < 128;
                case ASSIGNED -> Character.getType(c) != Character.UNASSIGNED;
                case ALNUM -> Character.isAlphabetic(c) || Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER;
                case ALPHA -> Character.isAlphabetic(c);
                case BLANK -> c == '\t' || in(BLANKS, c);
                case DIGIT -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER;
                case GRAPH -> !space(c) && !in(UNSEEN, c);
                case LOWER -> Character.isLowerCase(c);
                case PRINT -> in(BLANKS, c) || (!space(c) && !in(UNSEEN, c));
                case SPACE -> space(c);
                case UPPER -> Character.isUpperCase(c);
                case WORD -> Character.isAlphabetic(c) || in(WORDS, c);
                case XDIGIT -> c < 128 && Character.digit(c, 16) >= 0;
                case IDEOGRAPHIC -> Character.isIdeographic(c);
                case ID_START -> Character.isUnicodeIdentifierStart(c);
                case ID_CONTINUE -> Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
                case EMOJI -> Character.isEmoji(c);
                case EMOJI_PRESENTATION -> Character.isEmojiPresentation(c);
                case EMOJI_MODIFIER -> Character.isEmojiModifier(c);
                case EMOJI_MODIFIER_BASE -> Character.isEmojiModifierBase(c);
                case EMOJI_COMPONENT -> Character.isEmojiComponent(c);
                case EXTENDED_PICTOGRAPHIC -> Character.isExtendedPictographic(c);
            };
        }

        private static boolean space(int c) {
            return (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
        }

        private static int mask(int... types) {
            return Arrays.stream(types).map(type -> 1 << type).reduce(0, (a, b) -> a | b);
        }

        private static boolean in(int mask, int c) {
            return ((mask >> Character.getType(c)) & 1) != 0;
        }
    }
}

package dev.sluice.executor.expression.syntax;

/**
 * A word or sign of a program.
 *
 * @param text of a name without its {@code $}, {@code .} or {@code @}; of anything else as it is written
 * @param at   where it begins, in characters from 0
 */
record Token(Kind kind, String text, int at) {

    /** What it is. */
    enum Kind {
        NAME,
        KEYWORD,
        FIELD,
        VARIABLE,
        FORMAT,
        NUMBER,
        QUOTE,
        SIGN,
        END
    }

    boolean is(String sign) {
        return (kind == Kind.SIGN || kind == Kind.KEYWORD) && text.equals(sign);
    }

    /** As messages name it. */
    String described() {
        return switch (kind) {
            case END -> "end of the program";
            case QUOTE -> "a string";
            case FIELD -> "'." + text + '\'';
            case VARIABLE -> "'$" + text + '\'';
            case FORMAT -> "'@" + text + '\'';
            case NAME, KEYWORD, NUMBER, SIGN -> '\'' + text + '\'';
        };
    }
}

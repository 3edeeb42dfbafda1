package dev.sluice.executor.protobuf;

/**
 * A word of a file.
 *
 * @param text   as it stands there; of a string what it says
 * @param line   from 1
 * @param column from 1, in UTF-16 units
 */
record Token(Kind kind, String text, int line, int column) {

    /** What it may be. */
    enum Kind {
        NAME,
        INTEGER,
        DECIMAL,
        TEXT,
        SYMBOL,
        END
    }

    boolean is(String symbolOrName) {
        return (kind == Kind.SYMBOL || kind == Kind.NAME) && text.equals(symbolOrName);
    }

    /** In an author's words. */
    String described() {
        return switch (kind) {
            case END -> "the end of the file";
            case TEXT -> "a string";
            case NAME, INTEGER, DECIMAL, SYMBOL ->
                "'" + (text.length() > 40 ? text.substring(0, 40) + '…' : text) + '\'';
        };
    }
}

package dev.sluice.executor.expression.regex;

/** A pattern or its flags that cannot be used; the message is for the author of the program, who may catch it. */
public final class RegexException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 1_000;

    RegexException(String message) {
        super(message, null, false, false);
    }

    /** In jq's words, which put the whole pattern at offset 0; a long one is cut. */
    static RegexException invalid(String pattern, String reason) {
        return new RegexException(shown(pattern) + " (at offset 0) is not a valid regex: " + reason);
    }

    static RegexException flags(String flags) {
        return new RegexException(shown(flags) + " is not a valid modifier string");
    }

    private static String shown(String text) {
        if (text.length() <= SHOWN) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(SHOWN - 1)) ? SHOWN - 1 : SHOWN;
        return text.substring(0, end) + "...";
    }
}

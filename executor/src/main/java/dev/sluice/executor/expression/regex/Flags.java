package dev.sluice.executor.expression.regex;

/**
 * jq's letters. {@code s} says what holds anyway: {@code ^} is the text's begin and {@code $} its end.
 *
 * @param modes    what the pattern begins with
 * @param notEmpty empty matches do not count
 * @param longest  of all places where the pattern matches, the first of the longest
 */
record Flags(Modes modes, boolean notEmpty, boolean longest) {

    private static final String ALL = "gimnpslx";

    /** Throws RegexException for a letter that is none of jq's. */
    static Flags parse(String letters) {
        for (int i = 0; i < letters.length(); i++) {
            if (ALL.indexOf(letters.charAt(i)) < 0) {
                throw RegexException.flags(letters);
            }
        }
        boolean anyCharacter = has(letters, 'm') || has(letters, 'p');
        Modes modes = new Modes(has(letters, 'i'), has(letters, 'x'), anyCharacter, false);
        return new Flags(modes, has(letters, 'n'), has(letters, 'l'));
    }

    private static boolean has(String letters, char letter) {
        return letters.indexOf(letter) >= 0;
    }
}

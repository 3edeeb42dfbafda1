package dev.sluice.executor.definition;

import java.util.regex.Pattern;

/** JSON pointers (RFC 6901) as text. Different places of a document have different pointers, whatever their names are. */
final class Pointers {

    /** Longest pointer of a document that is read, in characters: each value below has it anew. */
    static final int LONGEST = 4_000;

    static final String TOO_LONG = "the names that lead here have more than " + LONGEST + " characters together";

    /** Longest that is told to an author, in characters: of another one, that of what it is in is told. */
    static final int LONGEST_TOLD = 500;

    private static final Pattern NO_ESCAPE = Pattern.compile("~(?![01])");

    private Pointers() {}

    static String child(String pointer, String name) {
        return pointer + '/' + name.replace("~", "~0").replace("/", "~1");
    }

    static String child(String pointer, int index) {
        return pointer + '/' + index;
    }

    static String parent(String pointer) {
        return pointer.substring(0, Math.max(0, pointer.lastIndexOf('/')));
    }

    /** The pointer itself or the longest one around it that is told. */
    static String told(String pointer) {
        String told = pointer;
        while (told.length() > LONGEST_TOLD) {
            told = parent(told);
        }
        return told;
    }

    /** Whether a text is a pointer. */
    static boolean isPointer(String text) {
        return (text.isEmpty() || text.startsWith("/"))
                && !NO_ESCAPE.matcher(text).find();
    }
}

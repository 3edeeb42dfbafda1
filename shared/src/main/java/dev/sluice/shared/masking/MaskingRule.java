package dev.sluice.shared.masking;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which fields of JSON are masked, and how.
 *
 * @param field names from the outside in, joined by dots, such as {@code customer.email}; {@code *} is any one name. It begins
 *              at any depth, elements of arrays do not count, nor does it matter what is upper case
 * @param way   what is shown instead
 */
public record MaskingRule(String field, Way way) {

    /** What a field has to look like, for people. */
    public static final String FORM =
            "Names joined by dots are expected, such as customer.email; up to 10 of 100 characters, and * is any one.";

    static final String ANY = "*";

    private static final Pattern FIELD = Pattern.compile("[^.\\p{Cntrl}]{1,100}(?:\\.[^.\\p{Cntrl}]{1,100}){0,9}");

    /** What is shown instead of a value; each hides more than the one before. */
    public enum Way {
        /** Three asterisks and the last four characters, of texts that have at least twelve. */
        ENDING("ending"),
        /** Three asterisks. */
        HIDDEN("hidden"),
        /** Nothing: as if there were no such field. */
        ABSENT("absent");

        private final String id;

        Way(String id) {
            this.id = id;
        }

        /** Its name for callers and in the database. */
        public String id() {
            return id;
        }

        /** The way of an id, empty when there is none. */
        public static Optional<Way> of(String id) {
            return List.of(values()).stream().filter(way -> way.id.equals(id)).findFirst();
        }
    }

    /** Whether this is what a field has to look like. */
    public static boolean isField(String text) {
        return FIELD.matcher(text).matches();
    }

    /** Throws IllegalArgumentException for what is no field. */
    public MaskingRule {
        if (!isField(field)) {
            throw new IllegalArgumentException("field: " + field + " (expected: names joined by dots)");
        }
    }

    /** Whether its last name is any. */
    public boolean isOfAny() {
        return names().getLast().equals(ANY);
    }

    /** Of its names, from the outside in. */
    List<String> names() {
        return List.of(field.toLowerCase(Locale.ROOT).split("\\.", -1));
    }
}

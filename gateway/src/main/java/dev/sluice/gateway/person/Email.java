package dev.sluice.gateway.person;

import dev.sluice.gateway.request.Fields;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An email address as it is stored and compared: in lower case, as all but very few servers take it.
 *
 * @param value something, an at sign, something; 3 to 254 characters
 */
public record Email(String value) {

    /** In place of one that could not be read, while the rest of a body is. */
    static final Email UNREAD = new Email("@");

    private static final int MAX = 254;
    private static final Pattern FORM = Pattern.compile("[^@\\s\\p{Cntrl}]{1,64}@[^@\\s\\p{Cntrl}]+");

    /** The address of a text, empty when it has not the form of one. Whether it exists only a message can tell. */
    public static Optional<Email> of(String text) {
        String value = text.strip().toLowerCase(Locale.ROOT);
        return value.length() <= MAX && FORM.matcher(value).matches()
                ? Optional.of(new Email(value))
                : Optional.empty();
    }

    /** The field {@code email} of a body, which must be there; to be used only after the fields are finished. */
    public static Email required(Fields fields) {
        return fields.required("email", Email::of, "An email address is expected.")
                .orElse(UNREAD);
    }

    /** What is before the at sign. */
    String local() {
        return value.substring(0, value.indexOf('@'));
    }

    @Override
    public String toString() {
        return value;
    }
}

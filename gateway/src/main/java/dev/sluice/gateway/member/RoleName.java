package dev.sluice.gateway.member;

import dev.sluice.gateway.access.Role;
import dev.sluice.gateway.request.Fields;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The role of a member: one that all organizations have, or one of the organization's own.
 *
 * @param builtIn absent for an own one
 * @param own     its name; absent for a built-in one
 */
record RoleName(@Nullable Role builtIn, @Nullable String own) {

    static final String EXPECTED = "The name of a role is expected.";

    private static final Pattern OWN = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    /** What it looks like, for whoever gives it a name. */
    static final String FORM = "up to 63 lower-case letters, digits and hyphens, a letter first";

    private static final RoleName UNREAD = new RoleName(null, "");

    static Optional<RoleName> of(String text) {
        Optional<Role> builtIn = Role.of(text);
        return builtIn.isPresent() || OWN.matcher(text).matches()
                ? Optional.of(new RoleName(builtIn.orElse(null), builtIn.isPresent() ? null : text))
                : Optional.empty();
    }

    /** The field {@code role} of a body, which must be there; to be used only after the fields are finished. */
    static RoleName required(Fields fields) {
        return fields.required("role", RoleName::of, EXPECTED).orElse(UNREAD);
    }

    /** As it is in the database, in two columns. */
    static RoleName stored(@Nullable String builtIn, @Nullable String own) {
        return new RoleName(builtIn == null ? null : Role.of(builtIn).orElse(null), own);
    }

    @Nullable
    String builtInId() {
        return builtIn == null ? null : builtIn.id();
    }

    @Override
    public String toString() {
        return builtIn == null ? Objects.requireNonNullElse(own, "unknown") : builtIn.id();
    }
}

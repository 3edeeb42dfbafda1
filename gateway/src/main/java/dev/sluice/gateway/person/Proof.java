package dev.sluice.gateway.person;

import dev.sluice.gateway.request.Fields;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What somebody knows that only one person should know.
 *
 * @param code         of the second factor
 * @param recoveryCode in its place
 */
public record Proof(
        Email email,
        String password,
        @Nullable String code,
        @Nullable String recoveryCode) {

    private static final int MAX_CODE = 40;

    /** From the fields of a body, for the address that is said there. */
    public static Proof read(Fields fields) {
        return read(fields, Email.required(fields));
    }

    /** From the fields of a body, for an address that is known otherwise. */
    public static Function<Email, Proof> reader(Fields fields) {
        Proof read = read(fields, Email.UNREAD);
        return email -> new Proof(email, read.password, read.code, read.recoveryCode);
    }

    private static Proof read(Fields fields, Email email) {
        return new Proof(
                email,
                fields.text("password", 1, PasswordPolicy.MAX),
                fields.optionalText("code", 1, MAX_CODE).orElse(null),
                fields.optionalText("recoveryCode", 1, MAX_CODE).orElse(null));
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return "Proof[" + email + "]";
    }
}

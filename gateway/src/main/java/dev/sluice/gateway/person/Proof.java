package dev.sluice.gateway.person;

import dev.sluice.gateway.request.Fields;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What somebody knows that only one person should know: a password, or what stands for one once ({@link LoginTokens}).
 *
 * @param email        whose password it is, or who the token is to be good for; nobody's when that is not said
 * @param password     absent exactly when {@code login} is there
 * @param login        a token of a link that was mailed, or of a login by a provider
 * @param code         of the second factor
 * @param recoveryCode in its place
 */
public record Proof(
        Email email,
        @Nullable String password,
        @Nullable String login,
        @Nullable String code,
        @Nullable String recoveryCode) {

    private static final int MAX_CODE = 40;
    private static final int MAX_TOKEN = 100;

    /** Of whoever has come by a provider, and has no second factor. */
    public static Proof ofLogin(String token) {
        return new Proof(Email.UNREAD, null, token, null, null);
    }

    /** From the fields of a body, for the address that is said there, which a password takes and a token may have. */
    public static Proof read(Fields fields) {
        Optional<Email> email = fields.optional("email", Email::of, "An email address is expected.");
        Proof read = read(fields, email.orElse(Email.UNREAD), true);
        if (email.isEmpty() && read.login == null) {
            fields.refuse("email", "It is required with a password.");
        }
        return read;
    }

    /** From the fields of a body, for an address that is known otherwise. */
    public static Function<Email, Proof> reader(Fields fields) {
        return of(read(fields, Email.UNREAD, true));
    }

    /** The same where only a password will do. */
    public static Function<Email, Proof> passwordReader(Fields fields) {
        return of(read(fields, Email.UNREAD, false));
    }

    private static Function<Email, Proof> of(Proof read) {
        return email -> new Proof(email, read.password, read.login, read.code, read.recoveryCode);
    }

    private static Proof read(Fields fields, Email email, boolean orToken) {
        Optional<String> login = orToken ? fields.optionalText("login", 1, MAX_TOKEN) : Optional.empty();
        Optional<String> password = login.isPresent()
                ? fields.optionalText("password", 1, PasswordPolicy.MAX)
                : Optional.of(fields.text("password", 1, PasswordPolicy.MAX));
        if (login.isPresent() && password.isPresent()) {
            fields.refuse("password", "Either this or 'login' is expected.");
        }
        return new Proof(
                email,
                password.orElse(null),
                login.orElse(null),
                fields.optionalText("code", 1, MAX_CODE).orElse(null),
                fields.optionalText("recoveryCode", 1, MAX_CODE).orElse(null));
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return "Proof[" + email + "]";
    }
}

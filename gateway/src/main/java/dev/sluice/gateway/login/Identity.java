package dev.sluice.gateway.login;

import dev.sluice.gateway.person.Email;
import dev.sluice.gateway.person.LoginTokens.Account;
import dev.sluice.shared.id.Ids;
import java.util.Optional;

/**
 * Who somebody is to a provider.
 *
 * @param subject what it calls them, for ever
 * @param email   that it has verified to be theirs
 * @param name    for people's eyes
 */
record Identity(String subject, Optional<Email> email, String name) {

    private static final int MAX_NAME = 200;
    private static final int MAX_SHOWN = 254;

    /** A name is cut to what fits, and is the subject when there is none. */
    Identity {
        String shown = name.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(MAX_NAME)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        name = shown.isEmpty() ? subject.substring(0, Math.min(subject.length(), MAX_NAME)) : shown;
    }

    /** As it is linked to a person. */
    Account account(ProviderSettings provider) {
        String shown = email.map(Email::value).orElse(name);
        return new Account(
                Ids.next(),
                provider.issuerUrl().toString(),
                subject,
                provider.id(),
                shown.substring(0, Math.min(shown.length(), MAX_SHOWN)));
    }
}

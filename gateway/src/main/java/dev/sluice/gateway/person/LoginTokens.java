package dev.sluice.gateway.person;

import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.lookup.SecretTokens;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Makes what stands for a password once. Only hashes are stored; one ends when it is used, after five wrong codes of the second
 * factor, when its time is over, and with every change of what proves who its person is. Thread-safe.
 */
public final class LoginTokens {

    private static final String PREFIX = "lgn_";

    private final LoginTokenStore store = new LoginTokenStore();
    private final PersonTransactions transactions;
    private final SecretTokens tokens;
    private final Clock clock;

    /** On transactions of the people. */
    public LoginTokens(PersonTransactions transactions, SecretTokens tokens, Clock clock) {
        this.transactions = transactions;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * An account at a provider.
     *
     * @param id       of the row that says whose it is
     * @param subject  what the issuer calls it, for ever
     * @param provider by the id that it has in the settings
     * @param name     for its person's eyes; up to 254 characters
     */
    public record Account(UUID id, String issuer, String subject, String provider, String name) {}

    /**
     * A token that proves to be this person, as they were when they had this generation.
     *
     * @param method  how they proved it, for the audit log
     * @param account that becomes theirs with its use
     */
    public Mono<String> make(UUID person, int generation, String method, @Nullable Account account, Duration validity) {
        String token = tokens.next(PREFIX);
        return transactions
                .as(
                        person,
                        connection -> store.insert(
                                connection,
                                SecretHash.of(token),
                                person,
                                generation,
                                method,
                                account,
                                clock.instant().plus(validity)))
                .thenReturn(token);
    }
}

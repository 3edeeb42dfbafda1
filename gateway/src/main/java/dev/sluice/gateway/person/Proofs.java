package dev.sluice.gateway.person;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.person.PersonStore.Attempt;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Finds out whether somebody is who they say. Each attempt counts before it is looked at, so that no number of attempts at
 * once gets further than one after the other; from the fifth in a row on they have to wait, and are told nothing else than
 * before. Thread-safe.
 */
public final class Proofs {

    private static final String WRONG =
            "The address, the password or the code is wrong; or there were too many attempts, and the next one has to wait.";

    private static final String PASSWORD = "password";
    private static final int MAX_RECENT = 10_000;
    private static final Duration ONCE_IN = Duration.ofMinutes(1);

    private final PersonStore store = new PersonStore();
    private final LoginTokenStore tokens = new LoginTokenStore();
    private final ConnectionPool api;
    private final PersonTransactions transactions;
    private final Passwords passwords;
    private final SecondFactor secondFactor;
    private final Audit audit;
    private final Clock clock;

    /** Whose waiting attempts were just recorded: a line a minute says as much as one for each. */
    private final Cache<UUID, Boolean> recent = Caffeine.newBuilder()
            .maximumSize(MAX_RECENT)
            .expireAfterWrite(ONCE_IN)
            .executor(Runnable::run)
            .build();

    /** On connections of {@code sluice_api}. */
    public Proofs(
            ConnectionPool api,
            PersonTransactions transactions,
            Passwords passwords,
            SecondFactor secondFactor,
            Audit audit,
            Clock clock) {
        this.api = api;
        this.transactions = transactions;
        this.passwords = passwords;
        this.secondFactor = secondFactor;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Somebody who proved to be themselves.
     *
     * @param generation   of what they proved it with
     * @param sealedSecret of their second factor, also of one that is not in use yet
     * @param method       how: {@code password}, {@code link}, or {@code provider:} and its id
     * @param token        that is to be used up; absent for a password
     */
    public record Proven(
            UUID person,
            int generation,
            @Nullable ByteBuffer sealedSecret,
            String method,
            @Nullable SecretHash token) {}

    /** The same from where nobody is known. */
    public Mono<Proven> prove(Proof proof) {
        return prove(proof, false);
    }

    /**
     * Who proved to be themselves; {@link ProblemType#UNAUTHENTICATED} when nobody did, and
     * {@link ProblemType#SECOND_FACTOR_REQUIRED} when the password was right and it takes more.
     *
     * @param known whether it comes from where its person has been in before: those wait for their own failures only
     */
    public Mono<Proven> prove(Proof proof, boolean known) {
        String password = proof.password();
        String login = proof.login();
        if (password != null) {
            return byPassword(proof, password, known);
        }
        return login == null ? Mono.error(wrong()) : byToken(proof, SecretHash.of(login));
    }

    /** As many commits, and as much hashing, whoever it is about. */
    private Mono<Proven> byPassword(Proof proof, String password, boolean known) {
        return store.attempt(api, proof.email(), known)
                .flatMap(found -> found.filter(attempt -> !attempt.locked())
                        .map(attempt -> prove(attempt, proof, password, known))
                        .orElseGet(() -> passwords
                                .matchNobody(password)
                                .then(inVain(found, proof.email()))
                                .then(Mono.error(wrong()))));
    }

    private Mono<Void> inVain(Optional<Attempt> locked, Email email) {
        return locked.filter(attempt -> recent.asMap().putIfAbsent(attempt.person(), true) == null)
                .map(attempt -> audited(attempt.person(), "person.prove.locked"))
                .orElseGet(() -> store.attemptInVain(api, email));
    }

    private Mono<Proven> prove(Attempt attempt, Proof proof, String password, boolean known) {
        var proven = new Proven(attempt.person(), attempt.generation(), attempt.sealedSecret(), PASSWORD, null);
        return passwords
                .matches(password, attempt.password())
                .onErrorResume(error -> giveBack(attempt.person(), known).then(Mono.error(error)))
                .flatMap(matches -> matches ? more(proven, attempt.secondFactor(), proof) : Mono.just(false))
                .flatMap(good -> good ? succeed(proven) : refuse(attempt.person()));
    }

    /** The token is used up by the transaction that does something with the proof ({@link #requireCurrent}). */
    private Mono<Proven> byToken(Proof proof, SecretHash token) {
        boolean withCode = proof.code() != null || proof.recoveryCode() != null;
        return tokens.attempt(api, token, withCode).flatMap(found -> {
            if (found.isEmpty()) {
                return Mono.error(wrong());
            }
            LoginTokenStore.Attempt attempt = found.get();
            if (attempt.locked()) {
                return refuse(attempt.person());
            }
            var proven =
                    new Proven(attempt.person(), attempt.generation(), attempt.sealedSecret(), attempt.method(), token);
            return isOf(proven.person(), proof.email())
                    .flatMap(own -> own ? more(proven, attempt.secondFactor(), proof) : Mono.just(false))
                    .flatMap(good -> good ? succeed(proven) : refuse(attempt.person()));
        });
    }

    /** Whoever says whom they are about to be does not become somebody else by a link that they were given. */
    private Mono<Boolean> isOf(UUID person, Email said) {
        return said.equals(Email.UNREAD)
                ? Mono.just(true)
                : transactions
                        .as(person, connection -> store.find(connection, person))
                        .map(found -> found.email().equals(said));
    }

    private Mono<Boolean> more(Proven proven, boolean secondFactor, Proof proof) {
        ByteBuffer stored = proven.sealedSecret();
        if (!secondFactor || stored == null) {
            return Mono.just(true);
        }
        String code = proof.code();
        String recovery = proof.recoveryCode();
        if (code != null) {
            return this.secondFactor
                    .step(proven.person(), stored, code, clock.instant())
                    .flatMap(step -> use(proven.person(), step));
        }
        return recovery != null
                ? transactions.as(proven.person(), connection -> useRecovery(connection, proven.person(), recovery))
                : audited(proven.person(), "person.prove.without-code")
                        .then(Mono.error(new SluiceException(
                                ProblemType.SECOND_FACTOR_REQUIRED,
                                "Send the code of your authenticator app as 'code' too.")));
    }

    /** One that is not meant to be used every day: whoever works with them can see it. */
    private Mono<Boolean> useRecovery(Connection connection, UUID person, String recovery) {
        return store.useCode(connection, person, RecoveryCodes.hash(recovery))
                .flatMap(used -> used
                        ? store.firstOrganization(connection, person)
                                .flatMap(organization -> TenantTransactions.goOnIn(connection, organization)
                                        .then(audit.recordBy(
                                                connection,
                                                organization,
                                                Caller.person(person),
                                                "person.recovery-code.use",
                                                Caller.person(person),
                                                Json.object())))
                                .thenReturn(true)
                        : Mono.just(false));
    }

    /** A code is good once, also when two come with it at once. */
    private Mono<Boolean> use(UUID person, OptionalLong step) {
        return step.isEmpty()
                ? Mono.just(false)
                : transactions.as(person, connection -> store.useStep(connection, person, step.getAsLong()));
    }

    private Mono<Proven> succeed(Proven proven) {
        return transactions.as(
                proven.person(),
                connection -> store.succeed(connection, proven.person()).thenReturn(proven));
    }

    private Mono<Proven> refuse(UUID person) {
        return audited(person, "person.prove").then(Mono.error(wrong()));
    }

    /** Whoever works with them can see that somebody tried. */
    private Mono<Void> audited(UUID person, String action) {
        return transactions.as(
                person,
                connection -> store.firstOrganization(connection, person)
                        .flatMap(organization -> TenantTransactions.goOnIn(connection, organization)
                                .then(audit.refusedBy(
                                        connection,
                                        organization,
                                        Caller.person(person),
                                        action,
                                        Caller.person(person)))));
    }

    /**
     * Has a transaction of the person go on only if nothing has changed since: a proof with the password of before is none.
     * What changes it waits until the transaction ends. A token is used up, so that of two who come with it one goes on; emits
     * the provider whose account has become the person's by that, or nothing.
     */
    public Mono<Optional<String>> requireCurrent(Connection connection, Proven proven) {
        return store.lock(connection, proven.person())
                .filter(generation -> generation == proven.generation())
                .switchIfEmpty(Mono.error(Proofs::wrong))
                .then(Mono.defer(() -> use(connection, proven.token())));
    }

    private Mono<Optional<String>> use(Connection connection, @Nullable SecretHash token) {
        return token == null
                ? Mono.just(Optional.empty())
                : tokens.use(connection, token)
                        .map(used -> used.orElseThrow(Proofs::wrong))
                        .map(LoginTokenStore.Used::linked);
    }

    private Mono<Void> giveBack(UUID person, boolean known) {
        return transactions.as(person, connection -> store.giveBack(connection, person, known));
    }

    private static SluiceException wrong() {
        return new SluiceException(ProblemType.UNAUTHENTICATED, WRONG);
    }
}

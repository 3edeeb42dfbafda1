package dev.sluice.gateway.person;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.person.PersonStore.Attempt;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.nio.ByteBuffer;
import java.time.Clock;
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

    private final PersonStore store = new PersonStore();
    private final ConnectionPool api;
    private final PersonTransactions transactions;
    private final Passwords passwords;
    private final SecondFactor secondFactor;
    private final Audit audit;
    private final Clock clock;

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
     */
    public record Proven(
            UUID person, int generation, @Nullable ByteBuffer sealedSecret) {}

    /**
     * Who proved to be themselves; {@link ProblemType#UNAUTHENTICATED} when nobody did, and
     * {@link ProblemType#SECOND_FACTOR_REQUIRED} when the password was right and it takes more.
     */
    public Mono<Proven> prove(Proof proof) {
        return store.attempt(api, proof.email())
                .flatMap(found -> found.filter(attempt -> !attempt.locked())
                        .map(attempt -> prove(attempt, proof))
                        .orElseGet(() -> passwords.matchNobody(proof.password()).then(Mono.error(wrong()))));
    }

    private Mono<Proven> prove(Attempt attempt, Proof proof) {
        return passwords
                .matches(proof.password(), attempt.password())
                .onErrorResume(error -> giveBack(attempt.person()).then(Mono.error(error)))
                .flatMap(matches -> matches ? more(attempt, proof) : Mono.just(false))
                .flatMap(proven -> proven ? succeed(attempt) : refuse(attempt.person()));
    }

    private Mono<Boolean> more(Attempt attempt, Proof proof) {
        ByteBuffer stored = attempt.sealedSecret();
        if (!attempt.secondFactor() || stored == null) {
            return Mono.just(true);
        }
        String code = proof.code();
        String recovery = proof.recoveryCode();
        if (code != null) {
            return secondFactor
                    .step(attempt.person(), stored, code, clock.instant())
                    .flatMap(step -> use(attempt.person(), step));
        }
        return recovery != null
                ? transactions.as(
                        attempt.person(),
                        connection -> store.useCode(connection, attempt.person(), RecoveryCodes.hash(recovery)))
                : Mono.error(new SluiceException(
                        ProblemType.SECOND_FACTOR_REQUIRED, "Send the code of your authenticator app as 'code' too."));
    }

    /** A code is good once, also when two come with it at once. */
    private Mono<Boolean> use(UUID person, OptionalLong step) {
        return step.isEmpty()
                ? Mono.just(false)
                : transactions.as(person, connection -> store.useStep(connection, person, step.getAsLong()));
    }

    private Mono<Proven> succeed(Attempt attempt) {
        return transactions.as(
                attempt.person(),
                connection -> store.succeed(connection, attempt.person())
                        .thenReturn(new Proven(attempt.person(), attempt.generation(), attempt.sealedSecret())));
    }

    /** Whoever works with them can see that somebody tried. */
    private Mono<Proven> refuse(UUID person) {
        return transactions
                .as(
                        person,
                        connection -> store.firstOrganization(connection, person)
                                .flatMap(organization -> TenantTransactions.goOnIn(connection, organization)
                                        .then(audit.refusedBy(
                                                connection,
                                                organization,
                                                Caller.person(person),
                                                "person.prove",
                                                Caller.person(person)))))
                .then(Mono.error(wrong()));
    }

    /**
     * Has a transaction of the person go on only if nothing has changed since: a proof with the password of before is none.
     * What changes it waits until the transaction ends.
     */
    public Mono<Void> requireCurrent(Connection connection, Proven proven) {
        return store.lock(connection, proven.person())
                .filter(generation -> generation == proven.generation())
                .switchIfEmpty(Mono.error(Proofs::wrong))
                .then();
    }

    private Mono<Void> giveBack(UUID person) {
        return transactions.as(person, connection -> store.giveBack(connection, person));
    }

    private static SluiceException wrong() {
        return new SluiceException(ProblemType.UNAUTHENTICATED, WRONG);
    }
}

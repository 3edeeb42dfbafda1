package dev.sluice.gateway.account;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.change.Changes;
import dev.sluice.gateway.person.Email;
import dev.sluice.gateway.person.NewPassword;
import dev.sluice.gateway.person.Passwords;
import dev.sluice.gateway.person.Person;
import dev.sluice.gateway.person.PersonStore;
import dev.sluice.gateway.person.PersonTransactions;
import dev.sluice.gateway.person.Proof;
import dev.sluice.gateway.person.Proofs;
import dev.sluice.gateway.person.Proofs.Proven;
import dev.sluice.gateway.person.RecoveryCodes;
import dev.sluice.gateway.person.SecondFactor;
import dev.sluice.gateway.person.Totp;
import dev.sluice.gateway.session.SessionStore;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Changes what lets a person in. Each change takes a proof that it is them, not just a session somebody left open, and ends
 * their other sessions. Thread-safe; everything it returns is done when it completes.
 */
public final class AccountService {

    private static final String LAST_OWNER = "member_last_owner";

    private final PersonStore people = new PersonStore();
    private final SessionStore sessions = new SessionStore();
    private final Changes changes = new Changes();
    private final PersonTransactions transactions;
    private final Proofs proofs;
    private final Passwords passwords;
    private final SecondFactor secondFactor;
    private final RecoveryCodes recoveryCodes;
    private final Audit audit;
    private final Clock clock;

    /** A service on transactions of the people. */
    public AccountService(
            PersonTransactions transactions,
            Proofs proofs,
            Passwords passwords,
            SecondFactor secondFactor,
            RecoveryCodes recoveryCodes,
            Audit audit,
            Clock clock) {
        this.transactions = transactions;
        this.proofs = proofs;
        this.passwords = passwords;
        this.secondFactor = secondFactor;
        this.recoveryCodes = recoveryCodes;
        this.audit = audit;
        this.clock = clock;
    }

    /** A secret that is no second factor before {@link #confirm}; one before it that was not confirmed is forgotten. */
    Mono<Secret> begin(Caller caller, Function<Email, Proof> proof) {
        return proven(caller, proof).flatMap(known -> {
            byte[] secret = secondFactor.secret();
            return secondFactor
                    .seal(person(caller), secret)
                    .flatMap(stored ->
                            in(caller, known, connection -> people.setSecret(connection, person(caller), stored)))
                    .flatMap(set -> set
                            ? Mono.just(new Secret(
                                    Totp.text(secret),
                                    Totp.uri(secret, known.person().email())))
                            : Mono.error(inUse()));
        });
    }

    /**
     * A secret that was just made.
     *
     * @param text as people type it into an app
     * @param uri  as an app reads it from a picture
     */
    record Secret(String text, String uri) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "Secret[]";
        }
    }

    /** From now on it takes the second factor, whose code proves that an app has its secret; emits the recovery codes. */
    Mono<List<String>> confirm(Caller caller, Function<Email, Proof> proof, String code) {
        List<String> codes = recoveryCodes.next();
        return proven(caller, proof)
                .flatMap(known -> step(known, code)
                        .flatMap(step -> in(
                                caller,
                                known,
                                connection -> people.useStep(connection, person(caller), step)
                                        .filter(used -> used)
                                        .switchIfEmpty(Mono.error(AccountService::wrongCode))
                                        .then(people.useSecondFactor(
                                                connection,
                                                person(caller),
                                                codes.stream()
                                                        .map(RecoveryCodes::hash)
                                                        .toList()))
                                        .then(secured(connection, caller, "person.second-factor.add")))))
                .thenReturn(codes);
    }

    /** From now on the password is enough. */
    Mono<Void> endSecondFactor(Caller caller, Function<Email, Proof> proof) {
        return proven(caller, proof)
                .flatMap(known -> in(
                        caller,
                        known,
                        connection -> people.endSecondFactor(connection, person(caller))
                                .then(secured(connection, caller, "person.second-factor.remove"))));
    }

    /** From now on another password lets them in. */
    Mono<Void> changePassword(Caller caller, Function<Email, Proof> proof, NewPassword wanted) {
        return proven(caller, proof)
                .doOnNext(known -> wanted.requireGoodFor(
                        known.person().email(), known.person().name()))
                .flatMap(known -> passwords
                        .hash(wanted.text())
                        .flatMap(hash -> in(
                                caller,
                                known,
                                connection -> people.setPassword(connection, person(caller), hash)
                                        .then(secured(connection, caller, "person.password.change")))));
    }

    /**
     * Ends the person, with all that is theirs, in every organization; their entries in the audit logs stay, under an id that is
     * nobody's any more. {@code CONFLICT} for the last owner of one.
     */
    Mono<Void> delete(Caller caller, Function<Email, Proof> proof) {
        UUID person = person(caller);
        return proven(caller, proof)
                .flatMap(known -> in(
                        caller,
                        known,
                        connection -> people.erase(connection, person)
                                .flatMap(organizations -> Flux.fromIterable(organizations)
                                        .concatMap(organization -> gone(connection, organization, person))
                                        .then())))
                .onErrorMap(
                        error -> PostgresErrors.isCheckViolation(error, LAST_OWNER),
                        error -> new SluiceException(
                                ProblemType.CONFLICT,
                                "You are the last owner of an organization; make somebody else one, or delete it."));
    }

    /** A certificate in the chain of an organization that they belonged to. */
    private Mono<Void> gone(Connection connection, OrganizationId organization, UUID person) {
        return TenantTransactions.goOnIn(connection, organization)
                .then(changes.record(connection, new Change(organization, ChangeType.MEMBER_CHANGED, person)))
                .then(audit.record(connection, "person.erase", Caller.person(person), Json.object()));
    }

    /** Somebody who proved to be themselves. */
    private record Known(Person person, Proven proven) {}

    /** Whoever has a session is no stranger: strangers who guess do not keep them from securing their account. */
    private Mono<Known> proven(Caller caller, Function<Email, Proof> proof) {
        return transactions
                .as(person(caller), connection -> people.find(connection, person(caller)))
                .flatMap(person -> proofs.prove(proof.apply(person.email()), true)
                        .filter(proven -> proven.person().equals(person.id()))
                        .switchIfEmpty(Mono.error(AccountService::anothers))
                        .map(proven -> new Known(person, proven)));
    }

    private Mono<Long> step(Known known, String code) {
        ByteBuffer stored = known.proven().sealedSecret();
        if (stored == null || known.person().secondFactor()) {
            return Mono.error(new SluiceException(
                    ProblemType.CONFLICT, "There is no new second factor to be confirmed; begin with one."));
        }
        return secondFactor
                .step(known.person().id(), stored, code, clock.instant())
                .flatMap(step -> step.isPresent() ? Mono.just(step.getAsLong()) : Mono.error(wrongCode()));
    }

    private Mono<Void> secured(Connection connection, Caller caller, String action) {
        UUID person = person(caller);
        UUID session = Objects.requireNonNull(caller.session(), "a person without a session");
        return sessions.deleteOthers(connection, person, session)
                .then(changes.record(
                        connection, new Change(caller.principal().organization(), ChangeType.PERSON_SECURED, person)))
                .then(audit.record(connection, action, Caller.person(person), Json.object()));
    }

    private <T> Mono<T> in(Caller caller, Known known, Function<Connection, Mono<T>> work) {
        return transactions.asIn(
                person(caller),
                caller.principal().organization(),
                connection -> proofs.requireCurrent(connection, known.proven())
                        .flatMap(linked ->
                                added(connection, caller, linked).then(Mono.defer(() -> work.apply(connection)))));
    }

    /** The proof may have been the first login by a provider. */
    private Mono<Void> added(Connection connection, Caller caller, Optional<String> provider) {
        return provider.map(added -> audit.record(
                        connection,
                        "person.login.add",
                        Caller.person(person(caller)),
                        Json.object().put("provider", added)))
                .orElseGet(Mono::empty);
    }

    private static SluiceException anothers() {
        return new SluiceException(ProblemType.UNAUTHENTICATED, "This proves somebody else's account.");
    }

    private static UUID person(Caller caller) {
        return caller.principal().keyId();
    }

    private static SluiceException inUse() {
        return new SluiceException(ProblemType.CONFLICT, "There is a second factor already; remove it first.");
    }

    private static SluiceException wrongCode() {
        return new SluiceException(ProblemType.INVALID_REQUEST, "The code is none of the new secret's, now.");
    }
}

package dev.sluice.gateway.member;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.access.Giving;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.change.Changes;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.lookup.SecretTokens;
import dev.sluice.gateway.person.NewPassword;
import dev.sluice.gateway.person.Passwords;
import dev.sluice.gateway.person.PersonStore;
import dev.sluice.gateway.person.PersonTransactions;
import dev.sluice.gateway.session.SessionStore;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal.Scope;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Helps members who cannot come in any more: whoever manages the members makes a token that sets a new password, once.
 * Whoever has that token can be that person everywhere, so it is made only for people who belong to this organization alone
 * and may do nothing that its maker may not; the platform's key makes it for all. It is good for nothing once that person
 * belongs to another one, has another role, or has changed what proves who they are. Thread-safe; everything it returns is done
 * when it completes.
 */
public final class ResetService {

    private static final String PREFIX = "rst_";
    private static final Duration VALIDITY = Duration.ofHours(24);

    private final ResetStore store = new ResetStore();
    private final MemberStore members = new MemberStore();
    private final PersonStore people = new PersonStore();
    private final SessionStore sessions = new SessionStore();
    private final Changes changes = new Changes();
    private final ConnectionPool api;
    private final PersonTransactions transactions;
    private final RoleService roles;
    private final Passwords passwords;
    private final SecretTokens tokens;
    private final Audit audit;
    private final Clock clock;

    /** A service on transactions of {@code sluice_api}. */
    public ResetService(
            ConnectionPool api,
            PersonTransactions transactions,
            RoleService roles,
            Passwords passwords,
            SecretTokens tokens,
            Audit audit,
            Clock clock) {
        this.api = api;
        this.transactions = transactions;
        this.roles = roles;
        this.passwords = passwords;
        this.tokens = tokens;
        this.audit = audit;
        this.clock = clock;
    }

    /** A token with its end, which is shown once. */
    record New(String token, Instant expiresAt) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "New[" + expiresAt + "]";
        }
    }

    Mono<New> begin(Caller caller, UUID person, boolean removesSecondFactor) {
        OrganizationId organization = caller.principal().organization();
        New made = new New(tokens.next(PREFIX), clock.instant().plus(VALIDITY));
        return transactions.asIn(
                person,
                organization,
                connection -> people.lock(connection, person)
                        .switchIfEmpty(Mono.error(() -> SluiceException.notFound("The member")))
                        .then(Mono.defer(() -> requireTheirs(connection, caller, person)))
                        .then(Mono.defer(() -> store.put(
                                connection,
                                person,
                                SecretHash.of(made.token()),
                                removesSecondFactor,
                                made.expiresAt())))
                        .then(audit.record(
                                connection,
                                "member.reset",
                                Caller.person(person),
                                Json.object().put("removesSecondFactor", removesSecondFactor)))
                        .thenReturn(made));
    }

    /** The platform may for everybody, also for those who belong to no organization any more. */
    private Mono<Void> requireTheirs(Connection connection, Caller caller, UUID person) {
        OrganizationId organization = caller.principal().organization();
        if (caller.principal().scope() == Scope.PLATFORM) {
            return Mono.empty();
        }
        return members.lock(connection, organization, person)
                .map(found -> found.orElseThrow(() -> SluiceException.notFound("The member")))
                .flatMap(member -> roles.grant(connection, organization, member.role()))
                .doOnNext(grant -> Giving.requireCovered(caller, grant, "become somebody with"))
                .doOnNext(grant -> Giving.requireLasting(caller))
                .then(Mono.defer(() -> store.otherMemberships(connection, person, organization.value())))
                .filter(others -> others == 0)
                .switchIfEmpty(
                        Mono.error(
                                () -> new SluiceException(
                                        ProblemType.FORBIDDEN,
                                        "They belong to other organizations too; only a key with platform scope may do this for them.")))
                .then();
    }

    /** From now on this password lets its person in, and all their sessions have ended. */
    Mono<Void> use(String token, NewPassword password) {
        SecretHash hash = SecretHash.of(token);
        return store.find(api, hash)
                .map(found -> found.orElseThrow(() -> SluiceException.notFound("The reset")))
                .doOnNext(open -> password.requireGoodFor(open.email(), open.name()))
                .flatMap(open -> passwords
                        .hash(password.text())
                        .flatMap(stored ->
                                transactions.as(open.person(), connection -> use(connection, open, hash, stored))));
    }

    private Mono<Void> use(Connection connection, ResetStore.Open open, SecretHash token, String passwordHash) {
        UUID person = open.person();
        return store.delete(connection, person, token)
                .filter(deleted -> deleted)
                .switchIfEmpty(Mono.error(() -> SluiceException.notFound("The reset")))
                .then(people.setPassword(connection, person, passwordHash))
                .then(people.succeed(connection, person))
                .then(open.removesSecondFactor() ? people.endSecondFactor(connection, person) : Mono.empty())
                .then(sessions.deleteAll(connection, person))
                .then(people.firstOrganization(connection, person))
                .flatMap(organization -> TenantTransactions.goOnIn(connection, organization)
                        .then(changes.record(connection, new Change(organization, ChangeType.PERSON_SECURED, person)))
                        .then(audit.recordBy(
                                connection,
                                organization,
                                Caller.person(person),
                                "person.password.reset",
                                Caller.person(person),
                                Json.object())));
    }
}

package dev.sluice.gateway.session;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.change.Changes;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.lookup.SecretTokens;
import dev.sluice.gateway.person.PersonStore;
import dev.sluice.gateway.person.PersonTransactions;
import dev.sluice.gateway.person.Proof;
import dev.sluice.gateway.person.Proofs;
import dev.sluice.gateway.session.SessionStore.Membership;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.Page;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Logs people in and out. Thread-safe; everything it returns is done when it completes. */
public final class SessionService {

    /** Sessions of one person; the oldest end first. */
    private static final int MOST = 100;

    private final SessionStore store = new SessionStore();
    private final PersonStore people = new PersonStore();
    private final Changes changes = new Changes();
    private final PersonTransactions transactions;
    private final Proofs proofs;
    private final SecretTokens tokens;
    private final Audit audit;
    private final SessionSettings settings;
    private final Clock clock;

    /** A service on transactions of the people. */
    public SessionService(
            PersonTransactions transactions,
            Proofs proofs,
            SecretTokens tokens,
            Audit audit,
            SessionSettings settings,
            Clock clock) {
        this.transactions = transactions;
        this.proofs = proofs;
        this.tokens = tokens;
        this.audit = audit;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * A new session of whoever the proof is about, in the organization, or the one they have belonged to for longest.
     *
     * @param known whether it comes from where its person has been in before
     */
    Mono<NewSession> logIn(Proof proof, boolean known, Optional<OrganizationId> organization, Client client) {
        return proofs.prove(proof, known)
                .flatMap(proven -> transactions.as(
                        proven.person(),
                        connection -> proofs.requireCurrent(connection, proven)
                                .flatMap(linked -> begin(connection, proven.person(), organization, client, lasting())
                                        .flatMap(begun -> record(connection, begun, proven.method(), linked)))));
    }

    /** The secret of a new session of somebody who has come by a provider. */
    public Mono<String> logIn(String loginToken, Client client) {
        return logIn(Proof.ofLogin(loginToken), false, Optional.empty(), client).map(NewSession::secret);
    }

    private Instant lasting() {
        return clock.instant().plus(settings.lifetime());
    }

    /**
     * A new session in another organization in place of the caller's, and no longer than that: whoever has the old one's secret
     * does nothing there. Waits for a change of the person's password, and is waited for by it: one of the two sees what the
     * other has done.
     */
    Mono<NewSession> change(Caller caller, OrganizationId organization, Client client) {
        UUID person = caller.principal().keyId();
        Instant end = Objects.requireNonNull(caller.expiresAt(), "a session without an end");
        return transactions.asIn(
                person,
                caller.principal().organization(),
                connection -> people.lock(connection, person)
                        .then(Mono.defer(() -> delete(connection, caller, session(caller))))
                        .then(Mono.defer(() -> begin(connection, person, Optional.of(organization), client, end)))
                        .flatMap(begun -> record(connection, begun, "session", Optional.empty())));
    }

    /** Who the caller is, where they act, and where they could. */
    Mono<Current> current(Caller caller) {
        UUID person = caller.principal().keyId();
        return transactions.as(
                person,
                connection -> Mono.zip(people.find(connection, person), store.organizations(connection, person))
                        .map(both ->
                                new Current(both.getT1(), caller.principal().organization(), both.getT2())));
    }

    Mono<List<Session>> list(Caller caller, Page page) {
        UUID person = caller.principal().keyId();
        return transactions.as(
                person, connection -> store.list(connection, person, page, clock.instant(), settings.idle()));
    }

    /** One of the caller's own is over. */
    Mono<Void> end(Caller caller, UUID session) {
        return transactions.asIn(
                caller.principal().keyId(),
                caller.principal().organization(),
                connection -> delete(connection, caller, session)
                        .then(audit.record(connection, "session.end", subject(session), Json.object())));
    }

    static UUID session(Caller caller) {
        return Objects.requireNonNull(caller.session(), "a person without a session");
    }

    private Mono<Void> delete(Connection connection, Caller caller, UUID session) {
        OrganizationId organization = caller.principal().organization();
        return store.delete(connection, caller.principal().keyId(), session).flatMap(deleted -> {
            if (!deleted) {
                return Mono.error(SluiceException.notFound("The session"));
            }
            return changes.record(connection, new Change(organization, ChangeType.SESSION_ENDED, session));
        });
    }

    private Mono<NewSession> begin(
            Connection connection, UUID person, Optional<OrganizationId> wanted, Client client, Instant end) {
        return store.organizations(connection, person).flatMap(all -> {
            Membership membership = choose(all, wanted);
            Instant now = clock.instant();
            Session session =
                    new Session(Ids.next(), person, membership.id(), client.agent(), client.address(), now, now, end);
            String secret = tokens.next(Sessions.PREFIX);
            return TenantTransactions.goOnIn(connection, membership.id())
                    .then(store.insert(connection, session, SecretHash.of(secret)))
                    .then(store.deleteOldest(connection, person, MOST))
                    .then(people.find(connection, person))
                    .map(found -> new NewSession(session, secret, new Current(found, membership.id(), all)));
        });
    }

    /** Comes last in its transaction; {@code linked} is the provider whose account has become the person's. */
    private Mono<NewSession> record(Connection connection, NewSession begun, String method, Optional<String> linked) {
        Session session = begun.session();
        String actor = Caller.person(session.person());
        return linked.map(provider -> audit.recordBy(
                        connection,
                        session.organization(),
                        actor,
                        "person.login.add",
                        actor,
                        Json.object().put("provider", provider)))
                .orElseGet(Mono::empty)
                .then(audit.recordBy(
                        connection,
                        session.organization(),
                        actor,
                        "session.begin",
                        subject(session.id()),
                        session.json().put("by", method)))
                .thenReturn(begun);
    }

    private static Membership choose(List<Membership> all, Optional<OrganizationId> wanted) {
        return all.stream()
                .filter(membership -> wanted.isEmpty() || wanted.get().equals(membership.id()))
                .findFirst()
                .orElseThrow(() -> new SluiceException(
                        ProblemType.FORBIDDEN,
                        wanted.isPresent()
                                ? "You do not belong to this organization."
                                : "You belong to no organization; somebody has to invite you."));
    }

    private static String subject(UUID session) {
        return "session:" + session;
    }
}

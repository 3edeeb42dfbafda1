package dev.sluice.gateway.login;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.change.Changes;
import dev.sluice.gateway.login.LoginStore.Link;
import dev.sluice.gateway.person.PersonStore;
import dev.sluice.gateway.person.PersonTransactions;
import dev.sluice.gateway.session.SessionStore;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import io.r2dbc.spi.Connection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** By which accounts at providers a person comes in. Thread-safe; everything it returns is done when it completes. */
public final class AccountLogins {

    private final LoginStore store = new LoginStore();
    private final PersonStore people = new PersonStore();
    private final SessionStore sessions = new SessionStore();
    private final Changes changes = new Changes();
    private final PersonTransactions transactions;
    private final Audit audit;

    /** On transactions of the people. */
    public AccountLogins(PersonTransactions transactions, Audit audit) {
        this.transactions = transactions;
        this.audit = audit;
    }

    Mono<List<Link>> list(Caller caller) {
        UUID person = caller.principal().keyId();
        return transactions.as(person, connection -> store.list(connection, person));
    }

    /** It lets nobody in from now on, and the person's other sessions have ended. The last way in stays. */
    Mono<Void> remove(Caller caller, UUID id) {
        UUID person = caller.principal().keyId();
        return transactions.asIn(
                person,
                caller.principal().organization(),
                connection -> people.lock(connection, person)
                        .then(Mono.defer(() -> requireAnother(connection, person, id)))
                        .then(Mono.defer(() -> store.delete(connection, person, id)))
                        .then(Mono.defer(() -> secured(connection, caller, person))));
    }

    private Mono<Void> requireAnother(Connection connection, UUID person, UUID id) {
        return Mono.zip(people.knowsPassword(connection, person), store.list(connection, person))
                .doOnNext(both -> {
                    List<Link> links = both.getT2();
                    if (links.stream().noneMatch(link -> link.id().equals(id))) {
                        throw SluiceException.notFound("The login");
                    }
                    if (!both.getT1() && links.size() == 1) {
                        throw new SluiceException(
                                ProblemType.CONFLICT, "It is the only way by which you come in; set a password first.");
                    }
                })
                .then();
    }

    private Mono<Void> secured(Connection connection, Caller caller, UUID person) {
        UUID session = Objects.requireNonNull(caller.session(), "a person without a session");
        return sessions.deleteOthers(connection, person, session)
                .then(changes.record(
                        connection, new Change(caller.principal().organization(), ChangeType.PERSON_SECURED, person)))
                .then(audit.record(connection, "person.login.remove", Caller.person(person), Json.object()));
    }
}

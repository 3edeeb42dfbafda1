package dev.sluice.gateway.consent;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.person.PersonTransactions;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.web.Page;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * What people agree to and take back, for themselves: nobody else sees it, and there is no way to do it for them. What was said stays
 * on record until the person goes; of each purpose one at most holds. Thread-safe; everything it returns is done when it completes.
 */
public final class ConsentService {

    private final ConsentStore store = new ConsentStore();
    private final PersonTransactions transactions;
    private final Clock clock;

    /** A service on transactions of the people. */
    public ConsentService(PersonTransactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /** What came of it: a consent, which is new unless the same holds already. */
    record Given(Consent consent, boolean isNew) {}

    /** Agrees to a version of a text; the consent to another version of it ends with that. */
    Mono<Given> give(Caller caller, String purpose, String version) {
        UUID person = person(caller);
        Consent wanted =
                new Consent(Ids.next(), purpose, version, clock.instant().truncatedTo(ChronoUnit.MICROS), null);
        return transactions.as(
                person,
                connection -> store.held(connection, person, purpose)
                        .flatMap(
                                held -> held.filter(consent -> consent.version().equals(version))
                                        .map(same -> Mono.just(new Given(same, false)))
                                        .orElseGet(() -> replace(connection, person, wanted))));
    }

    /** Takes it back. */
    Mono<Void> withdraw(Caller caller, String purpose) {
        UUID person = person(caller);
        return transactions
                .as(person, connection -> store.withdraw(connection, person, purpose, clock.instant()))
                .flatMap(found -> found
                        ? Mono.empty()
                        : Mono.error(() -> SluiceException.notFound("A consent for that purpose that holds")));
    }

    /** All there were, the newest first. */
    Mono<List<Consent>> list(Caller caller, Page page) {
        UUID person = person(caller);
        return transactions.as(person, connection -> store.list(connection, person, page));
    }

    /** Of two who agree at once one does; the other finds it done. */
    private Mono<Given> replace(Connection connection, UUID person, Consent wanted) {
        return store.withdrawOther(connection, person, wanted)
                .then(store.insert(connection, person, wanted))
                .flatMap(inserted -> inserted
                        ? Mono.just(new Given(wanted, true))
                        : store.held(connection, person, wanted.purpose())
                                .map(held -> new Given(held.orElse(wanted), false)));
    }

    private static UUID person(Caller caller) {
        return caller.principal().keyId();
    }
}

package dev.sluice.gateway.deletion;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.change.Changes;
import dev.sluice.gateway.deletion.DeletionStore.Locked;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.lookup.SecretTokens;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal.Scope;
import dev.sluice.shared.web.Page;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Closes organizations that are to end, and opens them again. What is closed lets nobody in and takes no event, within a second on
 * all gateways. Thread-safe; everything it returns is done when it completes.
 */
public final class DeletionService {

    private static final String TOKEN = "od_";
    private static final String TOKEN_HOLDER = "deletion-token";

    private final DeletionStore store = new DeletionStore();
    private final Changes changes = new Changes();
    private final ConnectionPool api;
    private final TenantTransactions transactions;
    private final SecretTokens tokens;
    private final Audit audit;
    private final OrganizationId platform;
    private final Duration delay;
    private final Clock clock;

    /**
     * A service on connections of {@code sluice_api}.
     *
     * @param platform the organization that never ends, and has the records of those without a parent
     */
    public DeletionService(
            ConnectionPool api,
            SecretTokens tokens,
            Audit audit,
            OrganizationId platform,
            DeletionSettings settings,
            Clock clock) {
        this.api = api;
        this.transactions = new TenantTransactions(api);
        this.tokens = tokens;
        this.audit = audit;
        this.platform = platform;
        this.delay = settings.delay();
        this.clock = clock;
    }

    /**
     * A deletion that was asked for.
     *
     * @param token calls it off; shown once
     */
    record Requested(Deletion deletion, String token) {

        /** Without the token. */
        @Override
        public String toString() {
            return "Requested[" + deletion + "]";
        }
    }

    /** Closes the caller's own organization, or for the platform any; {@code name} says once more which. */
    Mono<Requested> request(Caller caller, OrganizationId id, String name) {
        return Mono.defer(() -> {
            if (id.equals(platform)) {
                throw conflict("The platform's own organization stays.");
            }
            String token = tokens.next(TOKEN);
            return transactions
                    .inTenant(
                            id,
                            connection -> store.lock(connection, id)
                                    .map(DeletionService::known)
                                    .doOnNext(locked -> check(locked, name))
                                    .flatMap(locked -> close(connection, caller, id, locked, token)))
                    .map(deletion -> new Requested(deletion, token));
        });
    }

    /** Who may ask about an organization: itself, or the platform about any; the others see none. */
    static void requireOwn(Caller caller, OrganizationId id) {
        if (!caller.principal().organization().equals(id) && caller.principal().scope() != Scope.PLATFORM) {
            throw unknown();
        }
    }

    /** Calls the deletion off that a token is for. */
    Mono<Void> callOff(String token) {
        return store.find(api, SecretHash.of(token)).flatMap(found -> {
            OrganizationId id =
                    found.orElseThrow(() -> SluiceException.notFound("A deletion that this token calls off"));
            return callOff(
                    id,
                    connection -> audit.recordBy(
                            connection, id, TOKEN_HOLDER, "organization.keep", subject(id), Json.object()));
        });
    }

    /** The same without a token, for the platform. */
    Mono<Void> callOff(OrganizationId id) {
        return callOff(id, connection -> audit.record(connection, "organization.keep", subject(id), Json.object()));
    }

    /** All that are under way, for the platform. */
    Mono<List<Deletion>> list(Page page) {
        return store.list(api, page);
    }

    private Mono<Void> callOff(OrganizationId id, Function<Connection, Mono<Void>> record) {
        return transactions.inTenant(
                id,
                connection -> store.lock(connection, id)
                        .map(DeletionService::known)
                        .flatMap(locked -> store.callOff(connection, id)
                                .doOnNext(found -> {
                                    if (!found) {
                                        throw SluiceException.notFound("A deletion that can still be called off");
                                    }
                                })
                                .then(Mono.defer(() -> record.apply(connection)))
                                .then(TenantTransactions.goOnIn(connection, recordedAt(locked)))
                                .then(Mono.defer(() -> record.apply(connection)))));
    }

    private Mono<Deletion> close(Connection connection, Caller caller, OrganizationId id, Locked locked, String token) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Deletion deletion = new Deletion(id, locked.name(), caller.actor(), now, now.plus(delay), "waiting");
        Mono<Void> entry = audit.record(connection, "organization.delete", subject(id), deletion.json());
        return store.insert(connection, deletion, SecretHash.of(token))
                .then(changes.record(connection, new Change(id, ChangeType.ORGANIZATION_CLOSED, id.value())))
                .then(entry)
                .then(TenantTransactions.goOnIn(connection, recordedAt(locked)))
                .then(entry)
                .thenReturn(deletion);
    }

    /** Whose chain outlives the organization's own. */
    private OrganizationId recordedAt(Locked locked) {
        OrganizationId parent = locked.parent();
        return parent == null ? platform : parent;
    }

    private static void check(Locked locked, String name) {
        if (!locked.name().equals(name)) {
            throw new SluiceException(
                    ProblemType.INVALID_REQUEST,
                    "The request body is not valid.",
                    List.of(Violation.at("/name", "The name of the organization is expected, to be sure.")));
        }
        if (locked.closed()) {
            throw conflict("Its deletion was asked for already.");
        }
        if (locked.hasChildren()) {
            throw conflict("There are organizations below it; delete those first.");
        }
    }

    private static Locked known(Optional<Locked> found) {
        return found.orElseThrow(DeletionService::unknown);
    }

    private static SluiceException unknown() {
        return SluiceException.notFound("The organization");
    }

    private static SluiceException conflict(String detail) {
        return new SluiceException(ProblemType.CONFLICT, detail);
    }

    private static String subject(OrganizationId id) {
        return "organization:" + id;
    }
}

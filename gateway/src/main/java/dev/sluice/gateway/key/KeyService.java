package dev.sluice.gateway.key;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.access.Giving;
import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.access.Role;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.change.Changes;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.lookup.SecretTokens;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.tenancy.Principal.Scope;
import dev.sluice.shared.web.Page;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Creates, shows, rotates and takes back API keys. Nobody gives away or takes back what they do not have themselves.
 * Thread-safe; everything it returns is done when it completes.
 */
public final class KeyService {

    private final KeyStore store = new KeyStore();
    private final Changes changes = new Changes();
    private final Audit audit;
    private final TenantTransactions transactions;
    private final KeySecrets secrets;
    private final Clock clock;

    /** A service on tenant transactions of {@code sluice_api}. */
    public KeyService(TenantTransactions transactions, SecretTokens tokens, Audit audit, Clock clock) {
        this.audit = audit;
        this.transactions = transactions;
        this.secrets = new KeySecrets(tokens, clock);
        this.clock = clock;
    }

    /** The first key of an organization, an owner's, made in the transaction that makes the organization. */
    public Mono<NewKey> first(Connection connection, OrganizationId organization) {
        NewKey key = secrets.next("first key", Grant.of(Role.OWNER), null);
        return store.insert(connection, organization, key.key(), SecretHash.of(key.secret()))
                .thenReturn(key);
    }

    /** Makes sure that a key with platform scope and this secret exists. */
    public Mono<Void> bootstrap(Connection connection, OrganizationId organization, String secret) {
        // An earlier one with another secret stays good.
        ApiKey key = ApiKey.fresh(Ids.next(), "bootstrap", Scope.PLATFORM, Grant.of(Role.OWNER), clock.instant(), null);
        return store.insert(connection, organization, key, SecretHash.of(secret));
    }

    /**
     * What somebody wants.
     *
     * @param grant     absent for all that the creator may do
     * @param expiresAt absent for never
     */
    record Wanted(
            String name, @Nullable Grant grant, @Nullable Instant expiresAt) {}

    Mono<NewKey> create(Caller creator, Wanted wanted) {
        Grant grant = wanted.grant() == null ? creator.grant() : wanted.grant();
        return Mono.defer(() -> {
            Giving.requireCovered(creator, grant, "give");
            requireFuture(wanted.expiresAt());
            requireEnd(creator, wanted.expiresAt());
            return insert(creator.principal().organization(), secrets.next(wanted.name(), grant, wanted.expiresAt()));
        });
    }

    Mono<List<ApiKey>> list(Principal reader, Page page) {
        OrganizationId organization = reader.organization();
        return transactions.inTenant(organization, connection -> store.list(connection, organization, page));
    }

    Mono<ApiKey> find(Principal reader, UUID id) {
        OrganizationId organization = reader.organization();
        return transactions
                .inTenant(organization, connection -> store.find(connection, organization, id))
                .map(KeyService::known);
    }

    /** The key is good for nothing from now on; one that is already changes nothing. */
    Mono<Void> revoke(Caller caller, UUID id) {
        OrganizationId organization = caller.principal().organization();
        return locked(
                        caller,
                        id,
                        (connection, key) -> key.revokedAt() != null
                                ? Mono.just(key)
                                : store.revoke(connection, organization, id, clock.instant())
                                        .then(changes.record(
                                                connection, new Change(organization, ChangeType.KEY_REVOKED, id)))
                                        .then(audit.record(connection, "api-key.revoke", subject(id), Json.object()))
                                        .thenReturn(key))
                .then();
    }

    /** A new key of the same name and grant; the one it replaces is good for so long yet. */
    Mono<NewKey> rotate(Caller caller, UUID id, Duration overlap) {
        return locked(caller, id, (connection, key) -> {
            requireUsable(key);
            return replace(connection, caller.principal().organization(), key, overlap);
        });
    }

    private Mono<NewKey> replace(Connection connection, OrganizationId organization, ApiKey old, Duration overlap) {
        NewKey replacement = secrets.like(old);
        Instant end = clock.instant().plus(overlap);
        return store.insert(connection, organization, replacement.key(), SecretHash.of(replacement.secret()))
                .then(store.replace(
                        connection, organization, old.id(), replacement.key().id(), end))
                .then(changes.record(connection, new Change(organization, ChangeType.KEY_ROTATED, old.id())))
                .then(audit.record(
                        connection,
                        "api-key.rotate",
                        subject(old.id()),
                        Json.object()
                                .put("replacedBy", replacement.key().id().toString())
                                .put("until", end.toString())))
                .thenReturn(replacement);
    }

    private Mono<NewKey> insert(OrganizationId organization, NewKey key) {
        return transactions.inTenant(
                organization,
                connection -> store.insert(connection, organization, key.key(), SecretHash.of(key.secret()))
                        .then(audit.record(
                                connection,
                                "api-key.create",
                                subject(key.key().id()),
                                key.key().json()))
                        .thenReturn(key));
    }

    private <T> Mono<T> locked(Caller caller, UUID id, Work<T> work) {
        OrganizationId organization = caller.principal().organization();
        return transactions.inTenant(
                organization,
                connection -> store.lock(connection, organization, id)
                        .map(KeyService::known)
                        .doOnNext(key -> requireOwn(caller, key))
                        .flatMap(key -> work.on(connection, key)));
    }

    /** What is done with a key that is locked. */
    @FunctionalInterface
    private interface Work<T> {

        Mono<T> on(Connection connection, ApiKey key);
    }

    private static String subject(UUID id) {
        return "api-key:" + id;
    }

    private static ApiKey known(Optional<ApiKey> found) {
        return found.orElseThrow(() -> SluiceException.notFound("The API key"));
    }

    private static void requireOwn(Caller caller, ApiKey key) {
        if (key.scope() == Scope.PLATFORM && caller.principal().scope() != Scope.PLATFORM) {
            throw new SluiceException(ProblemType.FORBIDDEN, "Only a key with platform scope may change this one.");
        }
        Giving.requireCovered(caller, key.grant(), "change a key with");
        requireEnd(caller, key.expiresAt());
    }

    /** A key that ends has no part in one that is good for longer. */
    private static void requireEnd(Caller caller, @Nullable Instant expiresAt) {
        Instant own = caller.expiresAt();
        if (caller.isKey() && own != null && (expiresAt == null || expiresAt.isAfter(own))) {
            throw new SluiceException(
                    ProblemType.FORBIDDEN, "Your key ends at " + own + "; set 'expiresAt' to that or before.");
        }
    }

    private void requireFuture(@Nullable Instant expiresAt) {
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw new SluiceException(ProblemType.INVALID_REQUEST, "'expiresAt' is in the past.");
        }
    }

    private void requireUsable(ApiKey key) {
        if (key.revokedAt() != null || key.replacedBy() != null) {
            throw new SluiceException(
                    ProblemType.CONFLICT, "The key was taken back or replaced already; create a new one.");
        }
        Instant end = key.expiresAt();
        if (end != null && !end.isAfter(clock.instant())) {
            throw new SluiceException(ProblemType.CONFLICT, "The key has expired; create a new one.");
        }
    }
}

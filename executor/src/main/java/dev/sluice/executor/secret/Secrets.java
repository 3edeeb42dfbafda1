package dev.sluice.executor.secret;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.shared.crypto.UnopenableException;
import dev.sluice.shared.crypto.Vault;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The secrets of all organizations: set and deleted by requests, which are told names and times and never a value, and opened for
 * runs. Thread-safe.
 */
public final class Secrets {

    /** Most of one organization. */
    static final int MOST = 1_000;

    /** What values are sealed as. */
    static final String PURPOSE = "workflow.secret.sealed";

    private final SecretStore store;
    private final Vault vault;
    private final OpenedSecrets opened;

    /**
     * Secrets in the given database.
     *
     * @param transactions of {@code sluice_api}, for requests
     * @param engine       connections of {@code sluice_engine}, which alone may read what is sealed
     * @param vault        over the executors' data keys
     */
    public Secrets(TenantTransactions transactions, ConnectionPool engine, Vault vault) {
        this(transactions, engine, vault, Ticker.systemTicker());
    }

    Secrets(TenantTransactions transactions, ConnectionPool engine, Vault vault, Ticker ticker) {
        this.store = new SecretStore(transactions, engine);
        this.vault = vault;
        this.opened = new OpenedSecrets(store, vault, ticker);
    }

    /**
     * The values of those that exist of these names, for a run of that organization; an empty map when there are none. All that
     * have to be read are read by one query, on whose connection's thread the map may be emitted.
     *
     * <p>They are at most a second old: a thousand runs that begin in that second cost one query, and whoever takes back a secret
     * that became known needs to wait no longer than that, on whichever executor. On the executor that was asked to change one the
     * new value holds at once. At most 8,192 of them and 8 MB of their text are remembered; the rest is read again.
     *
     * <p>Cancelling only stops the waiting. Errors: {@link ProblemType#UNAVAILABLE} while the database is away, {@link
     * UnopenableException} when the master key is another one; neither holds anything of a value. Values are not to be changed,
     * and it is for the caller to keep them out of whatever is stored, shown or logged.
     */
    public Mono<Map<String, JsonNode>> open(OrganizationId organization, Set<String> names) {
        return names.isEmpty() ? Mono.just(Map.of()) : opened.of(organization, names);
    }

    /** The paths of secrets. */
    public RouterFunction<ServerResponse> routes() {
        return SecretRoutes.of(new SecretHandler(this));
    }

    /** Sets a value; {@link ProblemType#CONFLICT} when it would be one secret too many. */
    Mono<SecretStore.Stored> put(OrganizationId organization, NewValue value) {
        UUID id = Ids.next();
        return vault.seal(organization, PURPOSE, id, value.text())
                .flatMap(bytes -> store.put(organization, new SecretStore.Sealed(value.name(), id, bytes), MOST))
                .switchIfEmpty(Mono.error(Secrets::tooMany))
                .doOnNext(stored -> opened.forget(organization, value.name()));
    }

    /** In the order of their names, after a given one. */
    Flux<Secret> list(OrganizationId organization, String after, int limit) {
        return store.list(organization, after, limit);
    }

    /** {@link ProblemType#NOT_FOUND} when the organization has none of that name. */
    Mono<Secret> find(OrganizationId organization, String name) {
        return Mono.just(name)
                .filter(Secret::isName)
                .flatMap(known -> store.find(organization, known))
                .switchIfEmpty(Mono.error(Secrets::unknown));
    }

    /** {@link ProblemType#NOT_FOUND} when the organization has none of that name. */
    Mono<Void> delete(OrganizationId organization, String name) {
        return Mono.just(name)
                .filter(Secret::isName)
                .filterWhen(known -> store.delete(organization, known))
                .switchIfEmpty(Mono.error(Secrets::unknown))
                .doOnNext(known -> opened.forget(organization, known))
                .then();
    }

    private static SluiceException unknown() {
        return SluiceException.notFound("The secret");
    }

    private static SluiceException tooMany() {
        return new SluiceException(
                ProblemType.CONFLICT, "An organization has " + MOST + " secrets at most; delete what is not needed.");
    }
}

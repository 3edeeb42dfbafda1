package dev.sluice.gateway.ingress;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.ingress.IngressStore.SealedDoor;
import dev.sluice.gateway.lookup.LookupCache;
import dev.sluice.gateway.lookup.LookupSettings;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.lookup.SecretTokens;
import dev.sluice.shared.crypto.Vault;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.web.Page;
import io.r2dbc.pool.ConnectionPool;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Creates endpoints and opens their doors. Thread-safe. */
public final class EndpointService {

    private static final String NAME_CONSTRAINT = "endpoint_organization_id_name_key";

    private static final String PURPOSE = "ingress.endpoint.secret";

    private final IngressStore store = new IngressStore();
    private final TenantTransactions transactions;
    private final Vault vault;
    private final SecretTokens tokens;
    private final Audit audit;
    private final Clock clock;
    private final LookupCache<SecretHash, Door> doors;

    /** Endpoints in the tenant tables of {@code sluice_api}, their secrets sealed by the vault. */
    public EndpointService(
            ConnectionPool api,
            TenantTransactions transactions,
            Vault vault,
            SecretTokens tokens,
            Audit audit,
            LookupSettings cache,
            Clock clock) {
        this.audit = audit;
        this.transactions = transactions;
        this.vault = vault;
        this.tokens = tokens;
        this.clock = clock;
        this.doors = new LookupCache<>(cache, token -> findDoor(api, token), Ticker.systemTicker());
    }

    /** The door of a token; an error {@code UNAVAILABLE} when it is not cached and PostgreSQL is away. */
    Mono<Optional<Door>> door(String token) {
        return doors.find(SecretHash.of(token));
    }

    Mono<NewEndpoint> create(Principal creator, String name, EndpointSource source, Optional<String> chosenSecret) {
        String token = tokens.next("");
        String secret = chosenSecret.orElseGet(() -> tokens.next("whs_"));
        Endpoint endpoint = new Endpoint(Ids.next(), creator.organization(), name, source, clock.instant());
        return seal(endpoint, secret)
                .flatMap(secretBytes -> insert(endpoint, token, secretBytes))
                .thenReturn(new NewEndpoint(endpoint, token, secret));
    }

    Mono<List<Endpoint>> list(Principal reader, Page page) {
        OrganizationId organization = reader.organization();
        return transactions.inTenant(organization, connection -> store.listEndpoints(connection, organization, page));
    }

    private Mono<byte[]> seal(Endpoint endpoint, String secret) {
        return vault.seal(endpoint.organization(), PURPOSE, endpoint.id(), secret.getBytes(StandardCharsets.UTF_8));
    }

    private Mono<Boolean> insert(Endpoint endpoint, String token, byte[] sealed) {
        return transactions
                .inTenant(
                        endpoint.organization(),
                        connection -> store.insertEndpoint(connection, endpoint, SecretHash.of(token), sealed)
                                .then(audit.record(
                                        connection,
                                        "endpoint.create",
                                        "endpoint:" + endpoint.id(),
                                        EndpointJson.summary(endpoint)))
                                .thenReturn(true))
                .onErrorMap(
                        error -> PostgresErrors.isUniqueViolation(error, NAME_CONSTRAINT),
                        error -> new SluiceException(
                                ProblemType.CONFLICT, "There is an endpoint of this name already; choose another."));
    }

    private Mono<Optional<Door>> findDoor(ConnectionPool api, SecretHash token) {
        return store.findDoor(api, token)
                .flatMap(found -> found.map(this::open).orElseGet(() -> Mono.just(Optional.empty())));
    }

    private Mono<Optional<Door>> open(SealedDoor sealed) {
        return vault.open(sealed.organization(), PURPOSE, sealed.endpoint(), bytes(sealed.secret()))
                .map(secret -> Optional.of(new Door(
                        sealed.endpoint(), sealed.organization(), sealed.source(), WebhookSignature.key(secret))));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** An endpoint with what is shown once. */
    record NewEndpoint(Endpoint endpoint, String token, String secret) {}
}

package dev.sluice.gateway.identity;

import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.lookup.SecretTokens;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.tenancy.Principal.Scope;
import dev.sluice.shared.web.Page;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Creates organizations and keys. Thread-safe; everything it returns is done when it completes. */
public final class IdentityService {

    /** The organization that exists from the first start on. */
    static final OrganizationId DEFAULT = new OrganizationId(new UUID(0x7000L, 0x8000_0000_0000_0001L));

    private static final String PREFIX = "sk_";

    private final IdentityStore store = new IdentityStore();
    private final TenantTransactions transactions;
    private final SecretTokens tokens;
    private final Clock clock;

    /** A service on tenant transactions of {@code sluice_api}. */
    public IdentityService(TenantTransactions transactions, SecretTokens tokens, Clock clock) {
        this.transactions = transactions;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Makes sure that organization "default" exists and, unless it is empty, the key, with platform scope. */
    public Mono<Void> bootstrap(String secret) {
        return transactions.inTenant(
                DEFAULT,
                connection -> store.insertOrganization(connection, DEFAULT, "default")
                        .then(secret.isEmpty() ? Mono.empty() : insertBootstrapKey(connection, secret)));
    }

    Mono<NewOrganization> createOrganization(Principal creator, String name) {
        if (creator.scope() != Scope.PLATFORM) {
            return Mono.error(new SluiceException(
                    ProblemType.FORBIDDEN, "Only a key with platform scope may create organizations."));
        }
        OrganizationId id = new OrganizationId(Ids.next());
        NewKey key = newKey("first key");
        return transactions.inTenant(
                id,
                connection -> store.insertOrganization(connection, id, name)
                        .then(store.insertKey(
                                connection, id, key.key(), SecretHash.of(key.secret()), Scope.ORGANIZATION))
                        .thenReturn(new NewOrganization(id, name, key)));
    }

    Mono<NewKey> createKey(Principal creator, String name) {
        NewKey key = newKey(name);
        OrganizationId organization = creator.organization();
        SecretHash hash = SecretHash.of(key.secret());
        return transactions.inTenant(
                organization,
                connection -> store.insertKey(connection, organization, key.key(), hash, Scope.ORGANIZATION)
                        .thenReturn(key));
    }

    Mono<List<ApiKey>> keys(Principal reader, Page page) {
        OrganizationId organization = reader.organization();
        return transactions.inTenant(organization, connection -> store.listKeys(connection, organization, page));
    }

    /** An earlier bootstrap key with another secret stays good. */
    private Mono<Void> insertBootstrapKey(Connection connection, String secret) {
        SecretHash hash = SecretHash.of(secret);
        ApiKey key = new ApiKey(Ids.next(), "bootstrap", clock.instant());
        return store.insertKey(connection, DEFAULT, key, hash, Scope.PLATFORM);
    }

    private NewKey newKey(String name) {
        return new NewKey(new ApiKey(Ids.next(), name, clock.instant()), tokens.next(PREFIX));
    }

    /** A key with its secret, which is shown once. */
    record NewKey(ApiKey key, String secret) {}

    /** An organization with its first key. */
    record NewOrganization(OrganizationId id, String name, NewKey key) {}
}

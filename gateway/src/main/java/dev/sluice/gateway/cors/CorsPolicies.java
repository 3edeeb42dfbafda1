package dev.sluice.gateway.cors;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.lookup.LookupCache;
import dev.sluice.gateway.lookup.LookupSettings;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The policies of all organizations as requests go by them: read when they are needed, kept, and forgotten when they change, so
 * that none goes by one that was taken back. Thread-safe, does not block.
 */
public final class CorsPolicies {

    private final CorsStore store = new CorsStore();
    private final TenantTransactions transactions;
    private final LookupCache<OrganizationId, CorsPolicy> policies;

    /** Of the tenant tables of {@code sluice_api}. */
    public CorsPolicies(TenantTransactions transactions, LookupSettings cache) {
        this.transactions = transactions;
        this.policies = new LookupCache<>(cache, this::read, Ticker.systemTicker());
    }

    /** The policy of an organization; an error {@code UNAVAILABLE} when it is not known and PostgreSQL is away. */
    Mono<CorsPolicy> find(OrganizationId organization) {
        return policies.find(organization).map(found -> found.orElseGet(() -> CorsPolicy.none(organization)));
    }

    /** The same without waiting; absent when it is to be looked for. */
    @Nullable
    CorsPolicy peek(OrganizationId organization) {
        return policies.peek(organization);
    }

    /** Forgets the policy that a change is about. */
    public void changed(Change change) {
        if (change.type() == ChangeType.CORS_CHANGED) {
            forget(change.organization());
        }
    }

    void forget(OrganizationId organization) {
        policies.forget(policy -> policy.organization().equals(organization));
    }

    private Mono<Optional<CorsPolicy>> read(OrganizationId organization) {
        return transactions.inTenant(organization, connection -> store.find(connection, organization));
    }
}

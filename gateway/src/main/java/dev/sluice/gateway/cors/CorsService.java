package dev.sluice.gateway.cors;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.change.Changes;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Changes what an organization lets pages of other origins do; all gateways go by it within a second. Thread-safe. */
public final class CorsService {

    private final CorsStore store = new CorsStore();
    private final Changes changes = new Changes();
    private final TenantTransactions transactions;
    private final CorsPolicies policies;
    private final Audit audit;
    private final Clock clock;

    /** A service on tenant transactions of {@code sluice_api}. */
    public CorsService(TenantTransactions transactions, CorsPolicies policies, Audit audit, Clock clock) {
        this.transactions = transactions;
        this.policies = policies;
        this.audit = audit;
        this.clock = clock;
    }

    /** One that allows nothing where none was made. */
    Mono<CorsPolicy> find(OrganizationId organization) {
        return transactions
                .inTenant(organization, connection -> store.find(connection, organization))
                .map(found -> found.orElseGet(() -> CorsPolicy.none(organization)));
    }

    Mono<CorsPolicy> put(Caller caller, CorsPolicy policy) {
        OrganizationId organization = policy.organization();
        return transactions
                .inTenant(
                        organization,
                        connection -> store.put(connection, policy, caller.actor(), clock.instant())
                                .then(told(connection, organization, "cors.put", CorsJson.write(policy))))
                .then(Mono.fromRunnable(() -> policies.forget(organization)))
                .thenReturn(policy);
    }

    /** Nothing is allowed then. */
    Mono<Void> delete(OrganizationId organization) {
        return transactions
                .inTenant(
                        organization,
                        connection -> store.delete(connection, organization)
                                .then(told(connection, organization, "cors.delete", Json.object())))
                .then(Mono.fromRunnable(() -> policies.forget(organization)));
    }

    private Mono<Void> told(Connection connection, OrganizationId organization, String action, JsonNode detail) {
        return changes.record(connection, new Change(organization, ChangeType.CORS_CHANGED, organization.value()))
                .then(audit.record(connection, action, "organization:" + organization, detail));
    }
}

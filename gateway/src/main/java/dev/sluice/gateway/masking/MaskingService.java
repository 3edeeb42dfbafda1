package dev.sluice.gateway.masking;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.change.Changes;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.masking.Masking;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes what an organization hides. Gateways are told, and end the event streams of those it hides something from;
 * executors remember rules for a second. Thread-safe.
 */
public final class MaskingService {

    private final MaskingStore store = new MaskingStore();
    private final Changes changes = new Changes();
    private final TenantTransactions transactions;
    private final Audit audit;
    private final Clock clock;

    /** A service on tenant transactions of {@code sluice_api}. */
    public MaskingService(TenantTransactions transactions, Audit audit, Clock clock) {
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /** What hides nothing where nothing was said. */
    Mono<Masking> find(OrganizationId organization) {
        return transactions.inTenant(organization, connection -> store.find(connection, organization));
    }

    Mono<Masking> put(Caller caller, Masking masking) {
        OrganizationId organization = caller.principal().organization();
        return transactions
                .inTenant(
                        organization,
                        connection -> store.findToChange(connection, organization)
                                .flatMap(former -> store.put(
                                                connection, organization, masking, caller.actor(), clock.instant())
                                        .then(told(connection, organization, former, masking))))
                .thenReturn(masking);
    }

    private Mono<Void> told(Connection connection, OrganizationId organization, Masking former, Masking masking) {
        ObjectNode detail = Json.object();
        detail.set("before", former.write());
        detail.set("after", masking.write());
        Change change = new Change(organization, ChangeType.MASKING_CHANGED, organization.value());
        return changes.record(connection, change)
                .then(audit.record(connection, "masking.put", "organization:" + organization, detail));
    }
}

package dev.sluice.gateway.audit;

import dev.sluice.gateway.audit.AuditStore.Filter;
import dev.sluice.gateway.audit.AuditStore.Verification;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The record of what was changed and refused. An entry is never altered: the login that requests are handled with may append
 * and read, and each entry's hash covers the one before it. Thread-safe.
 */
public final class Audit {

    /** Forgets entries that organizations keep for so long only. */
    public static final Retention.Rule RETENTION = AuditStore.RETENTION;

    private final AuditStore store = new AuditStore();
    private final TenantTransactions transactions;

    /** On tenant transactions of {@code sluice_api}. */
    public Audit(TenantTransactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Records a change in the transaction that makes it, which is one of the caller's organization: both are there or
     * neither. Other changes of that organization wait until it ends, so record last.
     *
     * @param action what was done, such as {@code api-key.create}
     * @param detail what else is worth knowing, never a secret
     */
    public Mono<Void> record(Connection connection, String action, String subject, JsonNode detail) {
        return Mono.deferContextual(
                context -> store.append(connection, Origin.of(context), action, subject, false, detail));
    }

    /**
     * The same for a request that came without a caller, by whoever it turned out to be; the transaction is one of that
     * organization.
     */
    public Mono<Void> recordBy(
            Connection connection,
            OrganizationId organization,
            String actor,
            String action,
            String subject,
            JsonNode detail) {
        return Mono.deferContextual(context ->
                store.append(connection, Origin.of(context).by(organization, actor), action, subject, false, detail));
    }

    /** What the installation did by itself, in the chain of the transaction's organization; there is no request. */
    public Mono<Void> recordByItself(
            Connection connection, OrganizationId organization, String action, String subject, JsonNode detail) {
        return store.append(connection, Origin.ofItself(organization), action, subject, false, detail);
    }

    /** The refusal of a request that came without a caller. */
    public Mono<Void> refusedBy(
            Connection connection, OrganizationId organization, String actor, String action, String subject) {
        return Mono.deferContextual(context -> store.append(
                connection, Origin.of(context).by(organization, actor), action, subject, true, Json.object()));
    }

    /** Records what was refused, or done elsewhere. */
    Mono<Void> append(Origin origin, String action, String subject, boolean denied) {
        return transactions.inTenant(
                origin.author().organization(),
                connection -> store.append(connection, origin, action, subject, denied, Json.object()));
    }

    Mono<List<AuditEntry>> page(OrganizationId organization, Filter filter, int rows) {
        return transactions.inTenant(
                organization,
                connection -> store.page(connection, organization, filter, rows).collectList());
    }

    /** All, the oldest first, read as they are asked for. */
    Flux<AuditEntry> all(OrganizationId organization) {
        return transactions.manyInTenant(organization, connection -> store.all(connection, organization));
    }

    Mono<Verification> verify(OrganizationId organization) {
        return transactions.inTenant(organization, store::verify);
    }
}

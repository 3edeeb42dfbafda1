package dev.sluice.gateway.retention;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.retention}; forgetting itself is done by functions of the database. */
final class RetentionStore {

    private static final String FIND = """
            select runs_days, events_days, audit_days, hold_reason, changed_by, changed_at from identity.retention
             where organization_id = $1""";

    /** Not the row itself, which the first who says something does not find. */
    private static final String LOCK = "select id from identity.organization where id = $1 for no key update";

    private static final String PUT = """
            insert into identity.retention
                   (organization_id, runs_days, events_days, audit_days, hold, hold_reason, changed_by, changed_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (organization_id) do update
               set runs_days = excluded.runs_days, events_days = excluded.events_days, audit_days = excluded.audit_days,
                   hold = excluded.hold, hold_reason = excluded.hold_reason, changed_by = excluded.changed_by,
                   changed_at = excluded.changed_at""";

    Mono<RetentionPolicy> find(Connection connection, OrganizationId organization) {
        return Rows.all(connection.createStatement(FIND).bind(0, organization.value()), RetentionStore::policy)
                .next()
                .defaultIfEmpty(RetentionPolicy.NONE);
    }

    /** Nobody else changes it until the transaction ends, nor makes the first one. */
    Mono<RetentionPolicy> findToChange(Connection connection, OrganizationId organization) {
        return Rows.all(connection.createStatement(LOCK).bind(0, organization.value()), row -> true)
                .then(Mono.defer(() -> find(connection, organization)));
    }

    Mono<Void> put(Connection connection, OrganizationId organization, RetentionPolicy policy, String by, Instant at) {
        Statement statement = connection
                .createStatement(PUT)
                .bind(0, organization.value())
                .bind(4, policy.hold())
                .bind(6, by)
                .bind(7, at);
        Rows.bind(statement, 1, Integer.class, policy.runsDays());
        Rows.bind(statement, 2, Integer.class, policy.eventsDays());
        Rows.bind(statement, 3, Integer.class, policy.auditDays());
        Rows.bind(statement, 5, String.class, policy.reason());
        return Rows.written(statement).then();
    }

    private static RetentionPolicy policy(Row row) {
        return new RetentionPolicy(
                row.get("runs_days", Integer.class),
                row.get("events_days", Integer.class),
                row.get("audit_days", Integer.class),
                row.get("hold_reason", String.class),
                Columns.required(row, "changed_by", String.class),
                Columns.required(row, "changed_at", Instant.class));
    }
}

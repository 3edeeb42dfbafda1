package dev.sluice.executor.dispatch;

import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL that finds the triggers of events, and tells what became of those. */
final class DispatchStore {

    private static final String TRIGGERS = """
            select t.organization_id, t.definition_id, d.namespace, d.name, d.version, t.position, t.type, t.source
            from workflow.trigger t
            join workflow.active a on a.definition_id = t.definition_id
            join workflow.definition d on d.id = t.definition_id
            where (t.type is null or t.type = 'io.serverlessworkflow.*') and t.organization_id = any($1)
            union all
            select t.organization_id, t.definition_id, d.namespace, d.name, d.version, t.position, t.type, t.source
            from (select distinct * from unnest($1::uuid[], $2::text[])) as e(organization_id, type)
            join workflow.trigger t on t.organization_id = e.organization_id and t.type = e.type
            join workflow.active a on a.definition_id = t.definition_id
            join workflow.definition d on d.id = t.definition_id
            """;

    private static final String ALL_TRIGGERS = """
            select t.organization_id, t.definition_id, d.namespace, d.name, d.version, t.position, t.type, t.source
            from workflow.trigger t
            join workflow.active a on a.definition_id = t.definition_id
            join workflow.definition d on d.id = t.definition_id
            where t.organization_id = $1
            order by d.namespace, d.name, t.position limit $2
            """;

    private static final String UNRECEIVED = """
            select id, organization_id from (
                (select e.id, e.organization_id from ingress.event e
                where e.id >= $1 and e.id < $2 and e.organization_id <> all ($3)
                    and not exists (select from workflow.inbox i where i.event_id = e.id)
                order by e.id limit $4)
                union all
                (select e.id, e.organization_id from workflow.event e
                where e.id >= $1 and e.id < $2 and e.organization_id <> all ($3)
                    and not exists (select from workflow.inbox i where i.event_id = e.id)
                order by e.id limit $4)
            ) both_kinds
            order by id limit $4
            """;

    private static final String RECEIPT = """
            select run_ids from workflow.inbox where event_id = $1 and organization_id = $2
            """;

    private static final String STATUSES = """
            select r.id, d.namespace, d.name, d.version, r.status
            from (select id, definition_id, status from workflow.run where id = any($1) and organization_id = $2
                union all
                select id, definition_id, status from workflow.run_history where id = any($1) and organization_id = $2) r
            join workflow.definition d on d.id = r.definition_id
            """;

    private final ConnectionPool pool;

    DispatchStore(ConnectionPool pool) {
        this.pool = pool;
    }

    /** A run an event started. */
    record StartedRun(UUID id, WorkflowName workflow, String status) {}

    /** An event without a receipt. */
    record Unreceived(UUID id, OrganizationId organization) {}

    /** Triggers that could match one of the events. */
    Flux<Trigger> triggers(List<ArrivedEvent> events) {
        return query(
                connection -> connection
                        .createStatement(TRIGGERS)
                        .bind(
                                0,
                                events.stream()
                                        .map(e -> e.organization().value())
                                        .toArray(UUID[]::new))
                        .bind(1, events.stream().map(e -> e.type()).toArray(String[]::new)),
                DispatchStore::trigger);
    }

    /** The triggers of an organization's active workflows, up to a number. */
    Flux<Trigger> triggers(OrganizationId organization, int limit) {
        return query(
                connection -> connection
                        .createStatement(ALL_TRIGGERS)
                        .bind(0, organization.value())
                        .bind(1, limit),
                DispatchStore::trigger);
    }

    /** Events from one id to before another that have no receipt, oldest first; none of some organizations. */
    Flux<Unreceived> unreceived(UUID from, UUID before, List<OrganizationId> without, int limit) {
        return query(
                connection -> connection
                        .createStatement(UNRECEIVED)
                        .bind(0, from)
                        .bind(1, before)
                        .bind(2, without.stream().map(OrganizationId::value).toArray(UUID[]::new))
                        .bind(3, limit),
                row -> new Unreceived(required(row, "id", UUID.class), organization(row)));
    }

    /** The runs an event started; empty when it was not received yet. */
    Mono<UUID[]> receipt(OrganizationId organization, UUID eventId) {
        return query(
                        connection -> connection
                                .createStatement(RECEIPT)
                                .bind(0, eventId)
                                .bind(1, organization.value()),
                        row -> required(row, "run_ids", UUID[].class))
                .singleOrEmpty();
    }

    Flux<StartedRun> statuses(OrganizationId organization, UUID[] ids) {
        return query(
                connection -> connection.createStatement(STATUSES).bind(0, ids).bind(1, organization.value()),
                row -> new StartedRun(
                        required(row, "id", UUID.class), name(row), required(row, "status", String.class)));
    }

    private <T> Flux<T> query(Function<Connection, Statement> statement, Function<Readable, T> mapping) {
        return Flux.usingWhen(
                        pool.create(),
                        connection -> Flux.from(statement.apply(connection).execute())
                                .concatMap(result -> result.map(mapping)),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static Trigger trigger(Readable row) {
        return new Trigger(
                organization(row),
                required(row, "definition_id", UUID.class),
                name(row),
                required(row, "position", Integer.class),
                row.get("type", String.class),
                row.get("source", String.class));
    }

    private static WorkflowName name(Readable row) {
        return new WorkflowName(
                required(row, "namespace", String.class),
                required(row, "name", String.class),
                required(row, "version", String.class));
    }

    private static OrganizationId organization(Readable row) {
        return new OrganizationId(required(row, "organization_id", UUID.class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}

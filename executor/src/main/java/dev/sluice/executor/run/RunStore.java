package dev.sluice.executor.run;

import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** SQL by which an organization looks at its runs and asks for their end. Row-level security applies. */
final class RunStore {

    private static final String FIND = """
            select r.id, r.definition_id, d.namespace, d.name, d.version, r.status, r.event_id, r.event_ids, r.scheduled_at, r.created_at, r.started_at,
                null::timestamptz as finished_at, r.parent_id, r.priority, r.suspend_reason, r.suspend_detail, r.suspended_at,
                coalesce(r.input, (select input from workflow.large_input where run_id = r.id)) as input,
                null::bytea as output, null::bytea as error, 0 as end_seq
            from workflow.run r join workflow.definition d on d.id = r.definition_id
            where r.id = $1 and r.organization_id = $2
            union all
            select r.id, r.definition_id, d.namespace, d.name, d.version, r.status, r.event_id, r.event_ids, r.scheduled_at, r.created_at, r.started_at,
                r.finished_at, r.parent_id, null::smallint as priority, null as suspend_reason, null as suspend_detail,
                null::timestamptz as suspended_at,
                coalesce(r.input, (select input from workflow.large_input where run_id = r.id)) as input,
                r.output, r.error, r.end_seq
            from workflow.run_history r join workflow.definition d on d.id = r.definition_id
            where r.id = $1 and r.organization_id = $2
            limit 1
            """;

    /** Without payloads: a page is small whatever its runs carry. */
    private static final String LIST = """
            select r.id, d.namespace, d.name, d.version, r.status, r.event_id, r.event_ids, r.scheduled_at, r.created_at, r.started_at, r.finished_at,
                r.parent_id, r.priority, r.suspend_reason, r.suspend_detail, r.suspended_at
            from (
                (select id, organization_id, definition_id, status, event_id, event_ids, scheduled_at, created_at, started_at,
                    null::timestamptz as finished_at, parent_id, priority, suspend_reason, suspend_detail, suspended_at
                from workflow.run
                where organization_id = $1 and ($2::uuid is null or id < $2) and ($3::text is null or status = $3)
                    and ($4::text is null or definition_id in (
                        select id from workflow.definition where organization_id = $1 and namespace = $4 and name = $5))
                order by id desc limit $6)
                union all
                (select id, organization_id, definition_id, status, event_id, event_ids, scheduled_at, created_at, started_at, finished_at,
                    parent_id, null::smallint as priority, null as suspend_reason, null as suspend_detail,
                    null::timestamptz as suspended_at
                from workflow.run_history
                where organization_id = $1 and ($2::uuid is null or id < $2) and ($3::text is null or status = $3)
                    and ($4::text is null or definition_id in (
                        select id from workflow.definition where organization_id = $1 and namespace = $4 and name = $5))
                order by id desc limit $6)
            ) r join workflow.definition d on d.id = r.definition_id
            order by r.id desc limit $6
            """;

    private static final String REQUEST_CANCEL = """
            update workflow.run
            set cancel_requested_at = coalesce(cancel_requested_at, now()),
                wake_at = case when node is null then now() else wake_at end
            where id = $1 and organization_id = $2
            """;

    private final TenantTransactions transactions;

    RunStore(TenantTransactions transactions) {
        this.transactions = transactions;
    }

    /** A stored run, with what its events need. */
    record Stored(RunView view, UUID definitionId, int endSeq) {

        /** How it ended; null while it lives. */
        @Nullable
        RunEnd end() {
            Instant at = view.finishedAt();
            return at == null ? null : new RunEnd(view.status(), view.output(), view.error(), null, endSeq, at);
        }
    }

    /** One run; empty when the organization has none of that id. */
    Mono<Stored> find(OrganizationId organization, UUID id) {
        return transactions.inTenant(
                organization,
                connection -> Flux.from(connection
                                .createStatement(FIND)
                                .bind(0, id)
                                .bind(1, organization.value())
                                .execute())
                        .concatMap(result -> result.map(RunStore::stored))
                        .singleOrEmpty());
    }

    /** A page of runs, newest first. */
    Flux<RunView> list(OrganizationId organization, RunQuery query) {
        return transactions.manyInTenant(
                organization,
                connection -> Flux.from(bind(connection, organization, query).execute())
                        .concatMap(result -> result.map(row -> view(row, null, null, null))));
    }

    /** Asks for a run's end; emits whether there was a live one. */
    Mono<Boolean> requestCancel(OrganizationId organization, UUID id) {
        return transactions.inTenant(
                organization,
                connection -> Flux.from(connection
                                .createStatement(REQUEST_CANCEL)
                                .bind(0, id)
                                .bind(1, organization.value())
                                .execute())
                        .concatMap(result -> result.getRowsUpdated())
                        .reduce(0L, Long::sum)
                        .map(count -> count > 0));
    }

    private static Statement bind(Connection connection, OrganizationId organization, RunQuery query) {
        Statement statement =
                connection.createStatement(LIST).bind(0, organization.value()).bind(5, query.limit());
        bind(statement, 1, query.before(), UUID.class);
        bind(statement, 2, query.status() == null ? null : query.status().text(), String.class);
        bind(statement, 3, query.namespace(), String.class);
        bind(statement, 4, query.name(), String.class);
        return statement;
    }

    private static <T> void bind(Statement statement, int index, @Nullable T value, Class<T> type) {
        Statement bound = value == null ? statement.bindNull(index, type) : statement.bind(index, value);
        Objects.requireNonNull(bound);
    }

    private static Stored stored(Readable row) {
        RunView view = view(row, json(row, "input"), json(row, "output"), json(row, "error"));
        return new Stored(
                view,
                Objects.requireNonNull(row.get("definition_id", UUID.class)),
                Objects.requireNonNull(row.get("end_seq", Integer.class)));
    }

    private static RunView view(
            Readable row, @Nullable JsonNode input, @Nullable JsonNode output, @Nullable JsonNode error) {
        RunStatus status = RunStatus.of(Objects.requireNonNull(row.get("status", String.class)))
                .orElseThrow();
        return new RunView(
                Objects.requireNonNull(row.get("id", UUID.class)),
                new WorkflowName(
                        Objects.requireNonNull(row.get("namespace", String.class)),
                        Objects.requireNonNull(row.get("name", String.class)),
                        Objects.requireNonNull(row.get("version", String.class))),
                status,
                row.get("priority", Integer.class),
                status == RunStatus.SUSPENDED ? suspension(row) : null,
                row.get("event_id", UUID.class),
                ids(row),
                row.get("scheduled_at", Instant.class),
                row.get("parent_id", UUID.class),
                Objects.requireNonNull(row.get("created_at", Instant.class)),
                row.get("started_at", Instant.class),
                row.get("finished_at", Instant.class),
                input,
                output,
                error);
    }

    private static List<UUID> ids(Readable row) {
        UUID[] ids = row.get("event_ids", UUID[].class);
        return ids == null ? List.of() : List.of(ids);
    }

    private static @Nullable Suspension suspension(Readable row) {
        String reason = row.get("suspend_reason", String.class);
        Instant at = row.get("suspended_at", Instant.class);
        return reason == null || at == null
                ? null
                : new Suspension(reason, row.get("suspend_detail", String.class), at);
    }

    private static @Nullable JsonNode json(Readable row, String column) {
        byte[] bytes = row.get(column, byte[].class);
        return bytes == null ? null : Json.trusted(bytes);
    }
}

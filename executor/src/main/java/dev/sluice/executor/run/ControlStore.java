package dev.sluice.executor.run;

import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * SQL by which an organization has its runs rest, go on, and go on after an end. Row-level security applies. What is asked
 * of a live run is a note for its owner; one that nobody owns is made due, so that somebody reads it.
 */
final class ControlStore {

    private static final String REQUEST_SUSPEND = """
            update workflow.run
            set suspend_requested_at = coalesce(suspend_requested_at, now()),
                wake_at = case when node is null then now() else wake_at end
            where id = $1 and organization_id = $2 and status <> 'suspended'
            """;

    private static final String RESUME = """
            update workflow.run
            set suspend_requested_at = null,
                status = case when status = 'suspended' then 'pending' else status end,
                tries = 0,
                wake_at = case when node is null then now() else wake_at end
            where id = $1 and organization_id = $2 and (status = 'suspended' or suspend_requested_at is not null)
            """;

    /** A run without its journal would repeat what it had done. It is kept or dropped as a whole. */
    private static final String RETRY = """
            with gone as (
                delete from workflow.run_history h
                where h.id = $1 and h.organization_id = $2 and h.status = 'faulted'
                    and (h.end_seq = 1 or exists (select from workflow.journal j where j.run_id = h.id))
                returning *
            )
            insert into workflow.run (id, organization_id, definition_id, status, event_id, event_ids, scheduled_at, input,
                traceparent, generation, epoch, wake_at, created_at, started_at, reopenings, reopened_as, reopened_path,
                ended_status, ended_error, ended_seq, ended_at, depth, parent_id, awaited, priority,
                journal_format, listening)
            select id, organization_id, definition_id, 'pending', event_id, event_ids, scheduled_at, input, traceparent, generation,
                epoch + 1, now(), created_at, started_at, reopenings + 1, 'retry', fault_path, status, error, end_seq,
                finished_at, depth, parent_id, awaited, priority, journal_format, true
            from gone
            returning id
            """;

    /** Only from the end that the place was looked for in. Events it had consumed may be consumed again. */
    private static final String RERUN = """
            with gone as (
                delete from workflow.run_history h
                where h.id = $1 and h.organization_id = $2 and h.end_seq = $3 and h.finished_at = $4
                returning *
            ), forgotten as (
                delete from workflow.consumed c where c.run_id = any(array(select id from gone))
            )
            insert into workflow.run (id, organization_id, definition_id, status, event_id, event_ids, scheduled_at, input,
                traceparent, generation, epoch, wake_at, created_at, started_at, reopenings, reopened_as, reopened_path,
                ended_status, ended_error, ended_seq, ended_at, depth, parent_id, awaited, priority,
                journal_format, listening)
            select id, organization_id, definition_id, 'pending', event_id, event_ids, scheduled_at, input, traceparent,
                generation + 1, epoch + 1, now(), created_at, started_at, reopenings + 1, 'rerun', $5, status, error,
                end_seq, finished_at, depth, parent_id, awaited, priority, journal_format, true
            from gone
            returning id
            """;

    /** The oldest first. One row more than are taken tells whether there are more. */
    private static final String RETRY_MANY = """
            with chosen as materialized (
                select id, finished_at, row_number() over (order by id) as place from (
                    select h.id, h.finished_at from workflow.run_history h
                    where h.organization_id = $1 and h.status = 'faulted'
                        and ($2::text is null or h.definition_id in (
                            select id from workflow.definition
                            where organization_id = $1 and namespace = $2 and name = $3))
                        and ($4::text is null or h.error_type = $4)
                        and ($5::timestamptz is null or h.finished_at >= $5)
                        and ($6::timestamptz is null or h.finished_at < $6)
                        and (h.end_seq = 1 or exists (select from workflow.journal j where j.run_id = h.id))
                    order by h.id limit $7 + 1) oldest
            ), gone as (
                delete from workflow.run_history h using chosen c
                where c.place <= $7 and h.id = c.id and h.finished_at = c.finished_at and h.organization_id = $1
                returning h.*
            ), reopened as (
                insert into workflow.run (id, organization_id, definition_id, status, event_id, event_ids, scheduled_at, input,
                    traceparent, generation, epoch, wake_at, created_at, started_at, reopenings, reopened_as,
                    reopened_path, ended_status, ended_error, ended_seq, ended_at, depth, parent_id, awaited, priority,
                journal_format, listening)
                select id, organization_id, definition_id, 'pending', event_id, event_ids, scheduled_at, input, traceparent,
                    generation, epoch + 1, now(), created_at, started_at, reopenings + 1, 'retry', fault_path, status,
                    error, end_seq, finished_at, depth, parent_id, awaited, priority, journal_format, true
                from gone
                returning id
            )
            select coalesce((select array_agg(id order by id) from reopened), '{}') as retried,
                (select count(*) > $7 from chosen) as more
            """;

    private final TenantTransactions transactions;

    ControlStore(TenantTransactions transactions) {
        this.transactions = transactions;
    }

    /** Asks for a run's rest; emits whether there was a live one that does not rest yet. */
    Mono<Boolean> requestSuspend(OrganizationId organization, UUID id) {
        return changed(organization, connection -> statement(connection, REQUEST_SUSPEND, id, organization));
    }

    /** Has a run go on, or withdraws that it shall rest; emits whether there was one of either kind. */
    Mono<Boolean> resume(OrganizationId organization, UUID id) {
        return changed(organization, connection -> statement(connection, RESUME, id, organization));
    }

    /** Has a faulted run go on; emits whether there was one. Of several at once one gets it. */
    Mono<Boolean> retry(OrganizationId organization, UUID id) {
        return changed(organization, connection -> statement(connection, RETRY, id, organization));
    }

    /**
     * Has a run go on from a visit of a task.
     *
     * @param former the end it goes on from
     * @param path   of the visit, empty for the beginning
     */
    Mono<Boolean> rerun(OrganizationId organization, UUID id, RunEnd former, String path) {
        return changed(
                organization,
                connection -> statement(connection, RERUN, id, organization)
                        .bind(2, former.seq())
                        .bind(3, former.at().atOffset(ZoneOffset.UTC))
                        .bind(4, path));
    }

    /** Has many faulted runs go on. */
    Mono<Retried> retry(OrganizationId organization, RetryFilter filter) {
        return transactions.inTenant(
                organization,
                connection -> Flux.from(many(connection, organization, filter).execute())
                        .concatMap(result -> result.map(ControlStore::retried))
                        .single());
    }

    /** The runs that go on, and whether there are others like them. */
    record Retried(List<UUID> ids, boolean more) {}

    private static Statement many(Connection connection, OrganizationId organization, RetryFilter filter) {
        Statement statement = connection.createStatement(RETRY_MANY).bind(0, organization.value());
        bind(statement, 1, filter.namespace(), String.class);
        bind(statement, 2, filter.name(), String.class);
        bind(statement, 3, filter.errorType(), String.class);
        bind(statement, 4, utc(filter.finishedAfter()), OffsetDateTime.class);
        bind(statement, 5, utc(filter.finishedBefore()), OffsetDateTime.class);
        return statement.bind(6, filter.limit());
    }

    private static Retried retried(Readable row) {
        return new Retried(
                Arrays.asList(Objects.requireNonNull(row.get("retried", UUID[].class))),
                Boolean.TRUE.equals(row.get("more", Boolean.class)));
    }

    private Mono<Boolean> changed(OrganizationId organization, Function<Connection, Statement> statement) {
        return transactions.inTenant(
                organization,
                connection -> Flux.from(statement.apply(connection).execute())
                        .concatMap(result -> result.getRowsUpdated())
                        .reduce(0L, Long::sum)
                        .map(count -> count > 0));
    }

    private static Statement statement(Connection connection, String sql, UUID id, OrganizationId organization) {
        return connection.createStatement(sql).bind(0, id).bind(1, organization.value());
    }

    private static <T> void bind(Statement statement, int index, @Nullable T value, Class<T> type) {
        Statement bound = value == null ? statement.bindNull(index, type) : statement.bind(index, value);
        Objects.requireNonNull(bound);
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}

package dev.sluice.executor.timer;

import dev.sluice.executor.definition.Recurrence;
import dev.sluice.executor.definition.Schedule;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL of {@code workflow.schedule}: one row for each workflow whose active version starts by itself. */
public final class ScheduleStore {

    private static final String SET = """
            insert into workflow.schedule (organization_id, namespace, name, definition_id, next_at, again_after_ms)
            values ($1, $2, $3, $4, $5, $6)
            on conflict (organization_id, namespace, name) do update
                set definition_id = excluded.definition_id, next_at = excluded.next_at,
                    again_after_ms = excluded.again_after_ms, awaited = null
            """;

    private static final String END = """
            update workflow.schedule set definition_id = $4, next_at = null, again_after_ms = null, awaited = null
            where organization_id = $1 and namespace = $2 and name = $3
            """;

    private static final String DUE = """
            select organization_id, namespace, name, definition_id, next_at, now() as now
            from workflow.schedule where next_at <= now() order by next_at limit $1
            """;

    /**
     * Whoever moves a schedule on from a tick starts its run, in the same transaction: of nodes that come together one
     * finds the tick, and so does none that comes after. One whose next tick comes from the run's end awaits it.
     */
    private static final String PASS = """
            with tick as materialized (
                select t.*, s.place, s.awaits
                from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[],
                        $7::uuid[])
                    as t(organization_id, namespace, name, definition_id, tick, next_at, run_id)
                cross join lateral (
                    select ctid as place, again_after_ms is not null as awaits from workflow.schedule
                    where organization_id = t.organization_id and namespace = t.namespace and name = t.name
                        and definition_id = t.definition_id and next_at = t.tick
                    for update skip locked) s
            ), passed as (
                update workflow.schedule s
                set next_at = t.next_at, awaited = case when t.awaits then t.run_id end
                from tick t
                where s.ctid = t.place
                returning t.organization_id, t.definition_id, t.tick, t.run_id
            ), begun as (
                insert into workflow.run (id, organization_id, definition_id, status, scheduled_at, input, wake_at, created_at,
                    priority)
                select p.run_id, p.organization_id, p.definition_id, 'pending', p.tick, convert_to('{}', 'UTF8'), now(), now(),
                    d.priority
                from passed p join workflow.definition d on d.id = p.definition_id where p.run_id is not null
                on conflict (id) do nothing
                returning id, organization_id
            ), counted as (
                insert into workflow.started as s (organization_id, day, shard, runs)
                select organization_id, (now() at time zone 'utc')::date, pg_backend_pid(), count(*) from begun
                group by organization_id
                on conflict (organization_id, day, shard) do update set runs = s.runs + excluded.runs
            )
            select id from begun
            """;

    private final ConnectionPool engine;

    /** Schedules in the engine's database. */
    public ScheduleStore(ConnectionPool engine) {
        this.engine = engine;
    }

    /** What a newly active version makes of the schedule of its workflow, from now on by the database's clock. */
    public static Mono<Void> set(Connection connection, OrganizationId organization, UUID id, Workflow workflow) {
        Schedule schedule = workflow.schedule();
        if (schedule == null) {
            return executed(row(connection, END, organization, id, workflow));
        }
        return Flux.from(connection.createStatement("select now()").execute())
                .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, Instant.class))))
                .single()
                .flatMap(now -> begin(connection, organization, id, workflow, schedule.recurrence(), now));
    }

    private static Mono<Void> begin(
            Connection connection,
            OrganizationId organization,
            UUID id,
            Workflow workflow,
            Recurrence recurrence,
            Instant now) {
        Instant first = recurrence.first(now);
        if (first == null) {
            return executed(row(connection, END, organization, id, workflow));
        }
        Statement statement = row(connection, SET, organization, id, workflow).bind(4, first.atOffset(ZoneOffset.UTC));
        return executed(
                recurrence instanceof Recurrence.After after
                        ? statement.bind(5, after.delay().toMillis())
                        : statement.bindNull(5, Long.class));
    }

    private static Statement row(
            Connection connection, String sql, OrganizationId organization, UUID id, Workflow workflow) {
        return connection
                .createStatement(sql)
                .bind(0, organization.value())
                .bind(1, workflow.name().namespace())
                .bind(2, workflow.name().name())
                .bind(3, id);
    }

    private static Mono<Void> executed(Statement statement) {
        return Flux.from(statement.execute())
                .concatMap(result -> result.getRowsUpdated())
                .then();
    }

    /**
     * A tick that has come.
     *
     * @param now by the database's clock
     */
    record Due(
            OrganizationId organization, String namespace, String name, UUID definitionId, Instant tick, Instant now) {}

    /**
     * What follows from a tick.
     *
     * @param next  the tick after it, null for none
     * @param runId of the run it starts, null for none
     */
    record Passed(Due due, @Nullable Instant next, @Nullable UUID runId) {}

    /** The ticks that have come, the oldest first. */
    Mono<List<Due>> due(int limit) {
        return Flux.usingWhen(
                        engine.create(),
                        connection -> Flux.from(connection
                                        .createStatement(DUE)
                                        .bind(0, limit)
                                        .execute())
                                .concatMap(result -> result.map(ScheduleStore::read)),
                        Connection::close)
                .collectList()
                .onErrorMap(PostgresErrors::translate);
    }

    /** Moves schedules on and starts their runs; those that another node has moved on are left alone. */
    Mono<Long> pass(List<Passed> ticks) {
        return Flux.usingWhen(
                        engine.create(),
                        connection -> Flux.from(connection
                                        .createStatement(PASS)
                                        .bind(
                                                0,
                                                column(
                                                        ticks,
                                                        t -> t.due()
                                                                .organization()
                                                                .value(),
                                                        UUID[]::new))
                                        .bind(1, column(ticks, t -> t.due().namespace(), String[]::new))
                                        .bind(2, column(ticks, t -> t.due().name(), String[]::new))
                                        .bind(3, column(ticks, t -> t.due().definitionId(), UUID[]::new))
                                        .bind(4, column(ticks, t -> at(t.due().tick()), OffsetDateTime[]::new))
                                        .bind(5, column(ticks, t -> at(t.next()), OffsetDateTime[]::new))
                                        .bind(6, column(ticks, Passed::runId, UUID[]::new))
                                        .execute())
                                .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, UUID.class)))),
                        Connection::close)
                .count()
                .onErrorMap(PostgresErrors::translate);
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static <T extends @Nullable Object> Object column(
            List<Passed> ticks, Function<Passed, T> value, IntFunction<T[]> array) {
        return ticks.stream().map(value).toArray(array);
    }

    private static Due read(Readable row) {
        return new Due(
                new OrganizationId(Objects.requireNonNull(row.get("organization_id", UUID.class))),
                Objects.requireNonNull(row.get("namespace", String.class)),
                Objects.requireNonNull(row.get("name", String.class)),
                Objects.requireNonNull(row.get("definition_id", UUID.class)),
                Objects.requireNonNull(row.get("next_at", Instant.class)),
                Objects.requireNonNull(row.get("now", Instant.class)));
    }
}

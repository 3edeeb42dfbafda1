package dev.sluice.executor.gathering;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL that starts the runs of sets that are ended, in the caller's transaction. */
final class CompletionStore {

    /**
     * A run for each set, whose input is made of what its events added, in the order of their places. The receipts of all its
     * events tell the run, also that of an event that only ended it; they are locked in one order, since an event may end sets of
     * several workflows.
     */
    private static final String COMPLETE = """
            with complete as materialized (
                select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::int[])
                    as t(gathering_id, number, run_id, event_id, depth)
            ), places as (
                delete from workflow.set_place p using complete c
                where p.gathering_id = c.gathering_id and p.number = c.number
                returning c.run_id, p.position, p.event_id, p.depth, p.value
            ), sets as (
                delete from workflow.open_set s using complete c
                where s.gathering_id = c.gathering_id and s.number = c.number
            ), inputs as materialized (
                select run_id, array_agg(event_id order by position) as event_ids, max(depth) as depth,
                    '\\x5b'::bytea || string_agg(value, '\\x2c'::bytea order by position) || '\\x5d'::bytea as input
                from places where event_id is not null group by run_id
            ), causes as materialized (
                select event_id, run_id from places where event_id is not null
                union
                select event_id, run_id from complete
            ), receipts as materialized (
                select event_id from workflow.inbox where event_id = any(array(select event_id from causes))
                order by event_id for update
            ), told as (
                update workflow.inbox i set run_ids = i.run_ids || r.run_ids
                from (select event_id, array_agg(run_id) as run_ids from causes group by event_id) r
                where i.event_id = r.event_id and (select count(*) from receipts) > 0
            ), begun as (
                insert into workflow.run (id, organization_id, definition_id, status, event_id, event_ids, input, wake_at,
                    created_at, depth, priority)
                select c.run_id, g.organization_id, g.definition_id, 'pending', c.event_id, i.event_ids, i.input, now(),
                    now(), greatest(i.depth, c.depth), d.priority
                from complete c join inputs i on i.run_id = c.run_id
                join workflow.gathering g on g.id = c.gathering_id
                join workflow.definition d on d.id = g.definition_id
                on conflict (id) do nothing
                returning organization_id
            ), counted as (
                insert into workflow.started as s (organization_id, day, shard, runs)
                select organization_id, (now() at time zone 'utc')::date, pg_backend_pid(), count(*) from begun
                group by organization_id
                on conflict (organization_id, day, shard) do update set runs = s.runs + excluded.runs
            )
            select count(*)::int from begun
            """;

    /** For later: no event finds the sets any more. */
    private static final String SET_ASIDE = """
            with ended as materialized (
                select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::int[])
                    as t(gathering_id, number, run_id, event_id, depth)
            ), places as (
                delete from workflow.set_place p using ended e
                where p.gathering_id = e.gathering_id and p.number = e.number and p.event_id is null
            )
            update workflow.open_set s set run_id = e.run_id, event_id = e.event_id, depth = e.depth
            from ended e where s.gathering_id = e.gathering_id and s.number = e.number
            """;

    /** As many as may be started together, but one at least, and none that somebody else starts. */
    private static final String ASIDE = """
            select gathering_id, number, run_id, event_id, depth, events, bytes from workflow.open_set
            where run_id in (
                    select run_id from (
                        select run_id, row_number() over w as nth, sum(events) over w as events, sum(bytes) over w as bytes
                        from workflow.open_set where run_id is not null window w as (order by run_id)
                    ) first where nth = 1 or (nth <= $1 and events <= $2 and bytes <= $3))
            order by run_id for update skip locked
            """;

    private CompletionStore() {}

    /** Takes the sets away and creates their runs; emits how many those are. */
    static Mono<Integer> complete(Connection connection, List<EndedSet> sets) {
        return sets.isEmpty()
                ? Mono.just(0)
                : Flux.from(bind(connection.createStatement(COMPLETE), sets).execute())
                        .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, Integer.class))))
                        .single();
    }

    /** Notes that sets have ended. */
    static Mono<Void> setAside(Connection connection, List<EndedSet> sets) {
        return sets.isEmpty()
                ? Mono.empty()
                : Flux.from(bind(connection.createStatement(SET_ASIDE), sets).execute())
                        .concatMap(result -> result.getRowsUpdated())
                        .then();
    }

    /** Some of the sets that were set aside, locked until the transaction ends. */
    static Mono<List<EndedSet>> aside(Connection connection) {
        return Flux.from(connection
                        .createStatement(ASIDE)
                        .bind(0, EndedSet.MOST)
                        .bind(1, EndedSet.MOST_EVENTS)
                        .bind(2, EndedSet.MOST_BYTES)
                        .execute())
                .concatMap(result -> result.map(CompletionStore::ended))
                .collectList();
    }

    private static Statement bind(Statement statement, List<EndedSet> sets) {
        return statement
                .bind(0, column(sets, EndedSet::gathering, UUID[]::new))
                .bind(1, column(sets, EndedSet::number, Long[]::new))
                .bind(2, column(sets, EndedSet::runId, UUID[]::new))
                .bind(3, column(sets, EndedSet::eventId, UUID[]::new))
                .bind(4, column(sets, EndedSet::depth, Integer[]::new));
    }

    private static EndedSet ended(Readable row) {
        return new EndedSet(
                required(row, "gathering_id", UUID.class),
                required(row, "number", Long.class),
                required(row, "run_id", UUID.class),
                required(row, "event_id", UUID.class),
                required(row, "depth", Integer.class),
                required(row, "events", Integer.class),
                required(row, "bytes", Long.class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }

    private static <T, V> Object column(List<T> rows, Function<T, V> value, IntFunction<V[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}

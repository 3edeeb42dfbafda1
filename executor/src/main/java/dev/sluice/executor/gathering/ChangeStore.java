package dev.sluice.executor.gathering;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.Bytea;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL that writes what sets took, and the runs of those that are complete, in the transaction of a delivery. */
final class ChangeStore {

    private static final String SETS = """
            insert into workflow.open_set (gathering_id, number, organization_id, fixed)
            select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[])
            on conflict (gathering_id, number) do update set fixed = excluded.fixed
            """;

    private static final String PLACES = """
            insert into workflow.set_place (gathering_id, number, organization_id, position, key, event_id, depth, value)
            select gathering_id, number, organization_id, position, key, event_id, depth, decode(value, 'base64')
            from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::int[], $5::uuid[], $6::uuid[], $7::int[], $8::text[])
                as t(gathering_id, number, organization_id, position, key, event_id, depth, value)
            on conflict (gathering_id, number, position) do update
                set key = excluded.key, event_id = excluded.event_id, depth = excluded.depth, value = excluded.value
            """;

    /**
     * A run for each set, whose input is made of what its events added, in the order of the filters. The receipts of all its
     * events tell the run; they are locked in one order, since an event may complete sets of several workflows.
     */
    private static final String COMPLETE = """
            with complete as materialized (
                select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[])
                    as t(gathering_id, number, run_id, event_id)
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
                from places group by run_id
            ), receipts as materialized (
                select event_id from workflow.inbox where event_id = any(array(select event_id from places))
                order by event_id for update
            ), told as (
                update workflow.inbox i set run_ids = i.run_ids || r.run_ids
                from (select event_id, array_agg(run_id) as run_ids from places group by event_id) r
                where i.event_id = r.event_id and (select count(*) from receipts) > 0
            ), begun as (
                insert into workflow.run (id, organization_id, definition_id, status, event_id, event_ids, input, wake_at,
                    created_at, depth, priority)
                select c.run_id, g.organization_id, g.definition_id, 'pending', c.event_id, i.event_ids, i.input, now(),
                    now(), i.depth, d.priority
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

    private ChangeStore() {}

    /** A set of a workflow. */
    private record Member(OpenSets sets, EventSet set) {

        UUID gathering() {
            return sets.gathering().id();
        }

        Offer last() {
            return set.filled().getLast().offer();
        }

        UUID organization() {
            return last().organization().value();
        }

        /** The same for the same set, whoever writes it. */
        UUID runId() {
            return Ids.derived(
                    Ids.time(last().eventId()),
                    last().organization().toString(),
                    last().workflow().namespace(),
                    last().workflow().name(),
                    gathering().toString(),
                    Long.toString(set.number()));
        }
    }

    /** A place of a set as it is written: filled by an offer, or free. */
    private record Row(
            Member member, int position, @Nullable Offer offer) {

        UUID key() {
            return member.sets.links().key(position, member.set.fixed());
        }
    }

    /** Writes the sets that took events, complete or not. */
    static Mono<Void> write(Connection connection, List<OpenSets> all) {
        List<Member> changed = members(all, OpenSets::changed);
        List<Row> rows =
                changed.stream().flatMap(member -> rows(member).stream()).toList();
        return executed(sets(connection, changed))
                .then(Mono.defer(() -> executed(places(connection, rows))))
                .then();
    }

    /** Takes the complete sets away and creates their runs; emits how many those are. */
    static Mono<Integer> complete(Connection connection, List<OpenSets> all) {
        List<Member> complete = members(all, OpenSets::completed);
        return complete.isEmpty()
                ? Mono.just(0)
                : counted(connection
                        .createStatement(COMPLETE)
                        .bind(0, column(complete, Member::gathering, UUID[]::new))
                        .bind(1, column(complete, member -> member.set.number(), Long[]::new))
                        .bind(2, column(complete, Member::runId, UUID[]::new))
                        .bind(3, column(complete, member -> member.last().eventId(), UUID[]::new)));
    }

    private static List<Member> members(List<OpenSets> all, Function<OpenSets, List<EventSet>> which) {
        return all.stream()
                .flatMap(sets -> which.apply(sets).stream().map(set -> new Member(sets, set)))
                .toList();
    }

    /** Filled by this delivery, or free, which may have another key now; what was filled before stays as it is. */
    private static List<Row> rows(Member member) {
        List<Row> rows = new ArrayList<>();
        member.set.filled().forEach(filled -> rows.add(new Row(member, filled.position(), filled.offer())));
        member.set.free().forEach(position -> rows.add(new Row(member, position, null)));
        return rows;
    }

    private static Statement sets(Connection connection, List<Member> members) {
        return connection
                .createStatement(SETS)
                .bind(0, column(members, Member::gathering, UUID[]::new))
                .bind(1, column(members, member -> member.set.number(), Long[]::new))
                .bind(2, column(members, Member::organization, UUID[]::new))
                .bind(3, column(members, member -> SetStore.text(member.set.fixed()), String[]::new));
    }

    private static Statement places(Connection connection, List<Row> rows) {
        return connection
                .createStatement(PLACES)
                .bind(0, column(rows, row -> row.member.gathering(), UUID[]::new))
                .bind(1, column(rows, row -> row.member.set.number(), Long[]::new))
                .bind(2, column(rows, row -> row.member.organization(), UUID[]::new))
                .bind(3, column(rows, Row::position, Integer[]::new))
                .bind(4, column(rows, Row::key, UUID[]::new))
                .bind(5, column(rows, row -> row.offer == null ? null : row.offer.eventId(), UUID[]::new))
                .bind(6, column(rows, row -> row.offer == null ? null : row.offer.depth(), Integer[]::new))
                .bind(7, column(rows, row -> row.offer == null ? null : value(row.offer), String[]::new));
    }

    private static @Nullable String value(Offer offer) {
        return Bytea.element(offer.value().text());
    }

    private static Mono<Integer> counted(Statement statement) {
        return Flux.from(statement.execute())
                .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, Integer.class))))
                .single();
    }

    private static Mono<Long> executed(Statement statement) {
        return Flux.from(statement.execute())
                .concatMap(result -> result.getRowsUpdated())
                .reduce(0L, Long::sum);
    }

    private static <T, V extends @Nullable Object> Object column(
            List<T> rows, Function<T, V> value, IntFunction<V[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}

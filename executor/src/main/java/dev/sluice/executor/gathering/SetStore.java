package dev.sluice.executor.gathering;

import dev.sluice.shared.json.Json;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * SQL that finds sets and those that gives up, in the transaction of a delivery. A gathering is locked before anything of it
 * is read: each statement after that sees what whoever had the lock before has committed.
 */
final class SetStore {

    private static final String LOCK = """
            select id, definition_id, opened, open from workflow.gathering
            where definition_id = any($1) and not ended order by id for update
            """;

    /** By key, of each so many of the oldest: an event takes one, and makes at most one unfit for another. */
    private static final String FIND = """
            with found as materialized (
                select distinct p.gathering_id, p.number
                from unnest($1::uuid[], $2::int[], $3::uuid[], $4::int[]) as w(gathering_id, position, key, most)
                cross join lateral (
                    select gathering_id, number from workflow.set_place
                    where gathering_id = w.gathering_id and position = w.position and key = w.key and event_id is null
                    order by number limit w.most) p
            )
            select s.gathering_id, s.number, s.fixed, array(
                select position from workflow.set_place p
                where p.gathering_id = s.gathering_id and p.number = s.number and p.event_id is null) as free
            from found f join workflow.open_set s on s.gathering_id = f.gathering_id and s.number = f.number
            """;

    private static final String COUNT = """
            update workflow.gathering g set opened = t.opened, open = t.open
            from unnest($1::uuid[], $2::bigint[], $3::int[]) as t(id, opened, open) where g.id = t.id
            """;

    /** A delivery waits for it: of many that are too many, after the limit was lowered, each delivery takes some. */
    private static final String TRIM = """
            with gone as (
                delete from workflow.open_set where (gathering_id, number) in (
                    select o.gathering_id, o.number from workflow.gathering g
                    cross join lateral (
                        select gathering_id, number from workflow.open_set where gathering_id = g.id
                        order by number limit least(512, greatest(0, g.open - $2))) o
                    where g.id = any($1))
                returning gathering_id, number
            ), places as (
                delete from workflow.set_place p using gone g where p.gathering_id = g.gathering_id and p.number = g.number
            ), counted as (
                update workflow.gathering g set open = g.open - n.sets, dropped = g.dropped + n.sets
                from (select gathering_id, count(*)::int as sets from gone group by gathering_id) n where g.id = n.gathering_id
            )
            select count(*)::int from gone
            """;

    private static final String WAITING = """
            select g.definition_id, count(o.event_id)::int as there, count(*)::int as needed
            from workflow.set_place p
            join workflow.gathering g on g.id = p.gathering_id and not g.ended
            join workflow.set_place o on o.gathering_id = p.gathering_id and o.number = p.number
            where p.event_id = $1 and p.organization_id = $2
            group by g.definition_id, p.gathering_id, p.number
            """;

    private SetStore() {}

    /** A place that an event of a batch looks for, in as many sets as there are events. */
    record Wanted(UUID gathering, int position, UUID key, int most) {}

    /** A set that is open, and whose it is. */
    record Found(UUID gathering, EventSet set) {}

    /** The gatherings of versions, locked until the transaction ends; of those that are not active there is none. */
    static Mono<List<Gathering>> lock(Connection connection, Collection<UUID> definitions) {
        return query(connection.createStatement(LOCK).bind(0, definitions.toArray(UUID[]::new)), SetStore::gathering)
                .collectList();
    }

    static Mono<List<Found>> find(Connection connection, Collection<Wanted> wanted) {
        return query(
                        connection
                                .createStatement(FIND)
                                .bind(0, wanted.stream().map(Wanted::gathering).toArray(UUID[]::new))
                                .bind(1, wanted.stream().map(Wanted::position).toArray(Integer[]::new))
                                .bind(2, wanted.stream().map(Wanted::key).toArray(UUID[]::new))
                                .bind(3, wanted.stream().map(Wanted::most).toArray(Integer[]::new)),
                        SetStore::found)
                .collectList();
    }

    static Mono<Void> count(Connection connection, List<OpenSets> all) {
        return Flux.from(connection
                        .createStatement(COUNT)
                        .bind(0, ids(all))
                        .bind(1, all.stream().map(OpenSets::opened).toArray(Long[]::new))
                        .bind(2, all.stream().map(OpenSets::open).toArray(Integer[]::new))
                        .execute())
                .concatMap(result -> result.getRowsUpdated())
                .then();
    }

    /** Gives the oldest sets up, down to a limit for each workflow; emits how many those were. */
    static Mono<Integer> trim(Connection connection, List<OpenSets> all, int limit) {
        return query(
                        connection.createStatement(TRIM).bind(0, ids(all)).bind(1, limit),
                        row -> Objects.requireNonNull(row.get(0, Integer.class)))
                .single();
    }

    /** The open sets an event is in. */
    static Flux<Waiting> waiting(Connection connection, UUID organization, UUID event) {
        return query(
                connection.createStatement(WAITING).bind(0, event).bind(1, organization),
                row -> new Waiting(
                        required(row, "definition_id", UUID.class),
                        required(row, "there", Integer.class),
                        required(row, "needed", Integer.class)));
    }

    /** What a set has fixed, as it is stored. */
    static String text(NavigableMap<String, UUID> fixed) {
        var object = Json.object();
        fixed.forEach((name, hash) -> object.put(name, hash.toString()));
        return Json.text(object);
    }

    private static UUID[] ids(List<OpenSets> all) {
        return all.stream().map(sets -> sets.gathering().id()).toArray(UUID[]::new);
    }

    private static Gathering gathering(Readable row) {
        return new Gathering(
                required(row, "id", UUID.class),
                required(row, "definition_id", UUID.class),
                required(row, "opened", Long.class),
                required(row, "open", Integer.class));
    }

    private static Found found(Readable row) {
        NavigableMap<String, UUID> fixed = new TreeMap<>();
        Json.trusted(required(row, "fixed", String.class).getBytes(StandardCharsets.UTF_8))
                .properties()
                .forEach(value -> fixed.put(
                        value.getKey(), UUID.fromString(value.getValue().stringValue())));
        return new Found(
                required(row, "gathering_id", UUID.class),
                new EventSet(
                        required(row, "number", Long.class), List.of(required(row, "free", Integer[].class)), fixed));
    }

    private static <T> Flux<T> query(Statement statement, Function<Readable, T> mapping) {
        return Flux.from(statement.execute()).concatMap(result -> result.map(mapping));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}

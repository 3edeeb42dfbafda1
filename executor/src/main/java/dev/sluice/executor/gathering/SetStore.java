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
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * SQL that finds sets and those that gives up, in the transaction of a delivery. A gathering is locked before anything of it
 * is read: each statement after that sees what whoever had the lock before has committed.
 */
final class SetStore {

    private static final String LOCK = """
            select id, definition_id, opened, open from workflow.gathering
            where definition_id = any($1) and not ended order by id for update
            """;

    /** By key, of each so many of the oldest that have not ended. */
    private static final String FIND = """
            with found as materialized (
                select distinct p.gathering_id, p.number
                from unnest($1::uuid[], $2::int[], $3::uuid[], $4::int[]) as w(gathering_id, position, key, most)
                cross join lateral (
                    select gathering_id, number from workflow.set_place
                    where gathering_id = w.gathering_id and position = w.position and key = w.key and event_id is null
                    order by number limit w.most) p
            )
            select s.gathering_id, s.number, s.fixed, s.events, s.bytes, s.ending, array(
                select position from workflow.set_place p
                where p.gathering_id = s.gathering_id and p.number = s.number and p.event_id is null) as free
            from found f join workflow.open_set s on s.gathering_id = f.gathering_id and s.number = f.number
            """;

    private static final String COUNT = """
            update workflow.gathering g set opened = t.opened, open = t.open, filled = g.filled + t.filled
            from unnest($1::uuid[], $2::bigint[], $3::int[], $4::int[]) as t(id, opened, open, filled) where g.id = t.id
            """;

    /** A delivery waits for it: of many that are too many, after the limit was lowered, each delivery takes some. */
    private static final String TRIM = """
            with gone as (
                delete from workflow.open_set where (gathering_id, number) in (
                    select o.gathering_id, o.number from workflow.gathering g
                    cross join lateral (
                        select gathering_id, number from workflow.open_set where gathering_id = g.id and run_id is null
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
            select g.definition_id, count(o.event_id)::int as there,
                case when bool_and(o.position >= 0) then count(*)::int end as needed
            from workflow.set_place p
            join workflow.gathering g on g.id = p.gathering_id and not g.ended
            join workflow.set_place o on o.gathering_id = p.gathering_id and o.number = p.number
            where p.event_id = $1 and p.organization_id = $2
            group by g.definition_id, p.gathering_id, p.number
            """;

    private static final String VALUES = """
            select value from workflow.set_place where gathering_id = $1 and number = $2 and position >= 0 order by position
            """;

    private static final String OTHERS = """
            select o.value from workflow.set_place p
            join workflow.gathering g on g.id = p.gathering_id and g.definition_id = $3 and not g.ended
            join workflow.set_place o on o.gathering_id = p.gathering_id and o.number = p.number and o.position >= 0
            where p.event_id = $1 and p.organization_id = $2 order by o.position
            """;

    private SetStore() {}

    /** A place that an event of a batch looks for, in so many sets. */
    record Wanted(UUID gathering, int position, UUID key, int most) {}

    /**
     * A set that is open.
     *
     * @param free places that wait for an event
     */
    record Found(
            UUID gathering,
            long number,
            NavigableMap<String, UUID> fixed,
            List<Integer> free,
            int events,
            long bytes,
            Set<Integer> ending) {}

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

    static Mono<Void> count(Connection connection, List<? extends Filling> all) {
        return Flux.from(connection
                        .createStatement(COUNT)
                        .bind(0, ids(all))
                        .bind(1, all.stream().map(Filling::opened).toArray(Long[]::new))
                        .bind(2, all.stream().map(Filling::open).toArray(Integer[]::new))
                        .bind(3, all.stream().map(Filling::filled).toArray(Integer[]::new))
                        .execute())
                .concatMap(result -> result.getRowsUpdated())
                .then();
    }

    /** Gives the oldest sets up, down to a limit for each workflow; emits how many those were. */
    static Mono<Integer> trim(Connection connection, List<? extends Filling> all, int limit) {
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
                        row.get("needed", Integer.class)));
    }

    /** What each event of the set that an event is in added to the run's input, in their order. */
    static Flux<JsonNode> others(Connection connection, UUID organization, UUID event, UUID definition) {
        return query(
                        connection
                                .createStatement(OTHERS)
                                .bind(0, event)
                                .bind(1, organization)
                                .bind(2, definition),
                        row -> required(row, "value", byte[].class))
                .map(Json::trusted);
    }

    /** What each event of a set that grows added to the run's input, in their order. */
    static Flux<JsonNode> values(Connection connection, UUID gathering, long number) {
        return query(
                        connection.createStatement(VALUES).bind(0, gathering).bind(1, number),
                        row -> required(row, "value", byte[].class))
                .map(Json::trusted);
    }

    /** What a set has fixed, as it is stored. */
    static String text(NavigableMap<String, UUID> fixed) {
        var object = Json.object();
        fixed.forEach((name, hash) -> object.put(name, hash.toString()));
        return Json.text(object);
    }

    private static UUID[] ids(List<? extends Filling> all) {
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
                required(row, "number", Long.class),
                fixed,
                List.of(required(row, "free", Integer[].class)),
                required(row, "events", Integer.class),
                required(row, "bytes", Long.class),
                Set.of(required(row, "ending", Integer[].class)));
    }

    private static <T> Flux<T> query(Statement statement, Function<Readable, T> mapping) {
        return Flux.from(statement.execute()).concatMap(result -> result.map(mapping));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}

package dev.sluice.executor.node;

import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.shared.postgres.Retention;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL of {@code workflow.node}, and of the runs a dead node leaves. */
final class NodeStore {

    private static final String REGISTER = """
            insert into workflow.node (id, name, lease_until, journal_format)
            values ($1, $2, now() + $3 * interval '1 millisecond', $4)
            """;

    /** A node that is silent and not yet declared dead may come back. */
    private static final String COMMON_FORMAT = """
            select min(journal_format)::int from workflow.node where not dead
            """;

    private static final String RENEW = """
            update workflow.node set lease_until = now() + $2 * interval '1 millisecond'
            where id = $1 and not dead
            """;

    /** Writers hold the row FOR KEY SHARE, which lets a renewal through; only this lock waits for them. */
    private static final String BURY = """
            update workflow.node set dead = true
            where id in (select id from workflow.node where not dead and lease_until < now() for update skip locked)
            returning id
            """;

    private static final String RESIGN = """
            update workflow.node set dead = true, resigned = true
            where id in (select id from workflow.node where id = $1 and not dead for update)
            """;

    /**
     * Runs of dead nodes, found again and again until there are none: the process that buried a node may die too. A stop in
     * order is not held against its runs. Those that are there each time a process dies come back one after the other, so
     * that the one to blame takes no other with it.
     */
    static final String RELEASE = """
            with gone as materialized (
                select id, resigned from workflow.node where dead
            ), free as materialized (
                select of_one.id, gone.resigned
                from gone cross join lateral (
                    select id from workflow.run where node = gone.id limit $1 for update skip locked) of_one
                limit $1
            )
            update workflow.run r
            set node = null,
                tries = case when f.resigned then greatest(0, r.tries - 1) else r.tries end,
                wake_at = case when f.resigned or r.tries < 3 then now()
                    else now() + random() * least(60, power(2, r.tries)) * interval '1 second' end
            from free f
            where r.id = any(array(select id from free)) and r.id = f.id
            """;

    /** Incarnations that have been dead for a day; who still finds one's id finds no live one, as before. */
    static final Retention.Rule RETENTION = new Retention.Rule("dead nodes", """
            with gone as (
                delete from workflow.node where id in (
                    select n.id from workflow.node n
                    where n.dead and n.lease_until < now() - interval '1 day'
                        and not exists (select from workflow.run r where r.node = n.id)
                    limit $1 for update of n skip locked)
                returning 1)
            select count(*) from gone
            """);

    private static final String PARTITIONS = "select workflow.ensure_partitions(2, 7)";

    private final ConnectionPool pool;

    NodeStore(ConnectionPool pool) {
        this.pool = pool;
    }

    /** Adds a node that understands journals up to a format. */
    Mono<Void> register(UUID id, String name, Duration lease, JournalFormat known) {
        return update(connection -> connection
                        .createStatement(REGISTER)
                        .bind(0, id)
                        .bind(1, name)
                        .bind(2, lease.toMillis())
                        .bind(3, known.number()))
                .then();
    }

    /** Whether the node still lives. */
    Mono<Boolean> renew(UUID id, Duration lease) {
        return update(connection ->
                        connection.createStatement(RENEW).bind(0, id).bind(1, lease.toMillis()))
                .map(count -> count == 1);
    }

    /** What all nodes understand that are not dead; empty when there are none. */
    Mono<Integer> commonFormat() {
        return Mono.usingWhen(
                pool.create(),
                connection -> Flux.from(
                                connection.createStatement(COMMON_FORMAT).execute())
                        .concatMap(result -> result.map(row -> Optional.ofNullable(row.get(0, Integer.class))))
                        .concatMap(Mono::justOrEmpty)
                        .next(),
                Connection::close);
    }

    /** Marks nodes dead whose lease ran out, and commits. */
    Mono<List<UUID>> bury() {
        return Flux.usingWhen(
                        pool.create(),
                        connection -> Flux.from(connection.createStatement(BURY).execute())
                                .concatMap(result -> result.map(row -> row.get(0, UUID.class))),
                        Connection::close)
                .collectList();
    }

    Mono<Void> resign(UUID id) {
        return update(connection -> connection.createStatement(RESIGN).bind(0, id))
                .then();
    }

    /** Frees up to {@code limit} runs of dead nodes; emits how many. */
    Mono<Long> release(int limit) {
        return update(connection -> connection.createStatement(RELEASE).bind(0, limit));
    }

    Mono<Void> ensurePartitions() {
        return Mono.usingWhen(
                pool.create(),
                connection -> Flux.from(connection.createStatement(PARTITIONS).execute())
                        .concatMap(result -> result.map(row -> 1))
                        .then(),
                Connection::close);
    }

    private Mono<Long> update(Function<Connection, Statement> statement) {
        return Mono.usingWhen(
                pool.create(),
                connection -> Flux.from(statement.apply(connection).execute())
                        .concatMap(result -> result.getRowsUpdated())
                        .reduce(0L, Long::sum),
                Connection::close);
    }
}

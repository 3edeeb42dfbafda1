package dev.sluice.executor.run;

import dev.sluice.executor.engine.Bell;
import dev.sluice.executor.engine.Children;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.Bytea;
import dev.sluice.shared.postgres.PostgresErrors;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** SQL by which runs start others and learn how those ended. */
final class ChildStore {

    /** A run that was started before, and may have ended since, is not started again. */
    private static final String START = """
            with alive as materialized (
                select id from workflow.node where id = $2 and not dead for key share
            ), owner as materialized (
                select r.id, r.organization_id, r.depth, r.traceparent
                from alive join workflow.run r on r.node is not distinct from alive.id
                where r.id = $1 and r.epoch = $3
            ), wanted as materialized (
                select d.id, d.priority
                from owner o join workflow.definition d on d.organization_id = o.organization_id
                    and d.namespace = $5 and d.name = $6 and d.version = $7
                where $7 <> 'latest'
                union all
                select d.id, d.priority
                from owner o join workflow.active a on a.organization_id = o.organization_id
                    and a.namespace = $5 and a.name = $6
                join workflow.definition d on d.id = a.definition_id
                where $7 = 'latest'
            ), started as (
                insert into workflow.run (id, organization_id, definition_id, status, input, traceparent, wake_at, created_at,
                    depth, parent_id, awaited, priority)
                select $4, o.organization_id, w.id, 'pending', decode($8, 'base64'), o.traceparent, now(), now(),
                    o.depth + 1, o.id, $9, w.priority
                from owner o cross join wanted w
                where not exists (select from workflow.run_history h where h.id = $4)
                on conflict (id) do nothing
                returning organization_id
            ), counted as (
                insert into workflow.started as s (organization_id, day, shard, runs)
                select organization_id, (now() at time zone 'utc')::date, pg_backend_pid(), count(*) from started
                group by organization_id
                on conflict (organization_id, day, shard) do update set runs = s.runs + excluded.runs
            )
            select exists (select from owner) as owned, exists (select from wanted) as known
            """;

    /** Taken down before looking: an end that comes after this is news again. */
    private static final String LOOK = """
            update workflow.run set news = false where id = $1 and node = $2 and epoch = $3 and news
            returning 1
            """;

    private static final String END = """
            select output, error from workflow.run_history where id = $1 and parent_id = $2
            """;

    private final ConnectionPool pool;
    private final Runnable started;

    /** Runs in the given database; {@code started} is told when there is one that nobody owns. */
    ChildStore(ConnectionPool pool, Runnable started) {
        this.pool = pool;
        this.started = started;
    }

    /** The runs that a run starts, for as long as it has this owner. */
    Children of(ClaimedRun parent, Bell bell) {
        return new Children() {
            @Override
            public Mono<Boolean> start(Child child) {
                return ChildStore.this.start(parent, child);
            }

            @Override
            public Mono<End> end(UUID child) {
                return look(parent, bell).then(Mono.defer(() -> ChildStore.this.end(parent, child)));
            }
        };
    }

    private Mono<Boolean> start(ClaimedRun parent, Children.Child child) {
        return query(
                        connection -> connection
                                .createStatement(START)
                                .bind(0, parent.id())
                                .bind(1, parent.node())
                                .bind(2, parent.epoch())
                                .bind(3, child.id())
                                .bind(4, child.workflow().namespace())
                                .bind(5, child.workflow().name())
                                .bind(6, child.workflow().version())
                                .bind(
                                        7,
                                        Bytea.element(
                                                EncodedJson.of(child.input()).text()))
                                .bind(8, child.awaited()),
                        row -> new Found(flag(row, "owned"), flag(row, "known")))
                .single()
                .flatMap(found -> found.owned() ? Mono.just(found.known()) : Mono.error(fenced(parent)))
                .doOnNext(known -> started.run());
    }

    /** The mark is the run's: whoever takes it down tells its other branches. */
    private Mono<Void> look(ClaimedRun parent, Bell bell) {
        return query(
                        connection -> connection
                                .createStatement(LOOK)
                                .bind(0, parent.id())
                                .bind(1, parent.node())
                                .bind(2, parent.epoch()),
                        row -> 1)
                .doOnNext(news -> bell.ring())
                .then();
    }

    private Mono<Children.End> end(ClaimedRun parent, UUID child) {
        return query(
                        connection ->
                                connection.createStatement(END).bind(0, child).bind(1, parent.id()),
                        row -> new Children.End(json(row, "output"), json(row, "error")))
                .singleOrEmpty();
    }

    private <T> Flux<T> query(Function<Connection, Statement> statement, Function<Readable, T> mapping) {
        return Flux.usingWhen(
                        pool.create(),
                        connection -> Flux.from(statement.apply(connection).execute())
                                .concatMap(result -> result.map(mapping)),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static FencedException fenced(ClaimedRun parent) {
        return new FencedException("run " + parent.id() + " in epoch " + parent.epoch() + " may start no other");
    }

    private static boolean flag(Readable row, String column) {
        return Objects.requireNonNull(row.get(column, Boolean.class));
    }

    private static @Nullable JsonNode json(Readable row, String column) {
        byte[] bytes = row.get(column, byte[].class);
        return bytes == null ? null : Json.trusted(bytes);
    }

    private record Found(boolean owned, boolean known) {}
}

package dev.sluice.executor.dispatch;

import dev.sluice.executor.node.Incarnation;
import dev.sluice.shared.postgres.PostgresErrors;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Something one node at a time does for all, as long as it has its lease. A node that was paused may for a moment do it
 * beside its successor, so it must be something that can be done twice.
 */
final class Duty {

    private static final String HOLD = """
            update workflow.duty d set node = $2
            where d.name = $1 and (d.node = $2 or not exists (
                select from workflow.node n where n.id = d.node and not n.dead and n.lease_until > now()))
            returning d.position
            """;

    private static final String ADVANCE = """
            update workflow.duty set position = $4 where name = $1 and node = $2 and position = $3 and position < $4
            returning position
            """;

    private final ConnectionPool pool;
    private final String name;

    Duty(ConnectionPool pool, String name) {
        this.pool = pool;
        this.name = name;
    }

    /** Takes or keeps the duty; emits how far it has come, and nothing when another node has it. */
    Mono<UUID> hold(Incarnation owner) {
        return query(connection ->
                        connection.createStatement(HOLD).bind(0, name).bind(1, owner.id()))
                .singleOrEmpty();
    }

    /**
     * Notes how far the duty has come since a position; changes nothing when another node has it by now, or somebody has
     * put it back meanwhile.
     */
    Mono<Void> advance(Incarnation owner, UUID since, UUID position) {
        return query(connection -> connection
                        .createStatement(ADVANCE)
                        .bind(0, name)
                        .bind(1, owner.id())
                        .bind(2, since)
                        .bind(3, position))
                .then();
    }

    private Flux<UUID> query(Function<Connection, Statement> statement) {
        return Flux.usingWhen(
                        pool.create(),
                        connection -> Flux.from(statement.apply(connection).execute())
                                .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, UUID.class)))),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }
}

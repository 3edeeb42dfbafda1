package dev.sluice.shared.postgres;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Transactions of several statements on connections of one login. An error or a cancellation rolls back. Errors are those of
 * {@link PostgresErrors}. Thread-safe.
 */
public final class Transactions {

    private final ConnectionPool pool;

    /** Transactions on connections of the given pool. */
    public Transactions(ConnectionPool pool) {
        this.pool = pool;
    }

    /** One transaction with at most one result, which is emitted after the commit. */
    public <T> Mono<T> one(Function<Connection, Mono<T>> work) {
        return Mono.usingWhen(
                        pool.create(),
                        connection -> begin(connection).then(Mono.defer(() -> work.apply(connection))),
                        Transactions::commit,
                        (connection, error) -> rollBack(connection),
                        Transactions::rollBack)
                .onErrorMap(PostgresErrors::translate);
    }

    /**
     * One transaction with any number of results, which are emitted while it is open; only completion says that it
     * committed.
     */
    public <T> Flux<T> many(Function<Connection, Flux<T>> work) {
        return Flux.usingWhen(
                        pool.create(),
                        connection -> begin(connection).thenMany(Flux.defer(() -> work.apply(connection))),
                        Transactions::commit,
                        (connection, error) -> rollBack(connection),
                        Transactions::rollBack)
                .onErrorMap(PostgresErrors::translate);
    }

    private static Mono<Void> begin(Connection connection) {
        return Mono.from(connection.beginTransaction());
    }

    private static Mono<Void> commit(Connection connection) {
        return thenRelease(connection, connection.commitTransaction());
    }

    private static Mono<Void> rollBack(Connection connection) {
        return thenRelease(connection, connection.rollbackTransaction());
    }

    /**
     * The connection goes back only when the server has confirmed the end of the transaction, also when nobody waits for
     * it any more. Earlier, the driver would believe its next user in a transaction already and begin none, and what that
     * one sets for its transaction would be gone at once: it would see no organization's rows.
     */
    private static Mono<Void> thenRelease(Connection connection, Publisher<Void> end) {
        return Mono.from(end)
                .onErrorResume(error -> Mono.from(connection.close()).then(Mono.error(error)))
                .then(Mono.from(connection.close()));
    }
}

package dev.sluice.gateway.lookup;

import dev.sluice.shared.postgres.PostgresErrors;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Executes statements as the gateway's stores need it. */
public final class Rows {

    private Rows() {}

    /** All rows, as they come. */
    public static <T> Flux<T> all(Statement statement, Function<Row, T> read) {
        return Flux.from(statement.execute()).concatMap(result -> result.map((row, metadata) -> read.apply(row)));
    }

    /** The first row, if there is one. */
    public static <T> Mono<Optional<T>> first(Statement statement, Function<Row, T> read) {
        return all(statement, read).next().map(Optional::of).defaultIfEmpty(Optional.empty());
    }

    /** How many rows were written. */
    public static Mono<Long> written(Statement statement) {
        return Flux.from(statement.execute()).concatMap(Result::getRowsUpdated).reduce(0L, Long::sum);
    }

    /** Whether any was. */
    public static Mono<Boolean> anyWritten(Statement statement) {
        return written(statement).map(rows -> rows > 0);
    }

    /** A single statement in no transaction of anybody's, on a connection of its own. */
    public static <T> Mono<T> alone(ConnectionPool pool, Function<Connection, Mono<T>> statement) {
        return Mono.usingWhen(pool.create(), statement, Connection::close).onErrorMap(PostgresErrors::translate);
    }

    /** A parameter that may be absent. */
    public static <T> void bind(Statement statement, int index, Class<T> type, @Nullable T value) {
        Statement ignored = value == null ? statement.bindNull(index, type) : statement.bind(index, value);
    }
}

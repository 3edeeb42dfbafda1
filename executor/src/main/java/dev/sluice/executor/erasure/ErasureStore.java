package dev.sluice.executor.erasure;

import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL by which closed organizations rest and go; definer functions do it, in a transaction each. */
final class ErasureStore {

    static final String RETENTION = "select workflow.forget_erasures($1)";

    private static final String HOLD = "select workflow.hold($1, $2)";

    private static final String RELEASE = "select workflow.release($1)";

    private static final String ERASE = "select erased, walked, clean, counts from workflow.erase($1, $2, $3)";

    private static final String FORGET = "select workflow.forget_erasure($1)";

    private final ConnectionPool engine;

    ErasureStore(ConnectionPool engine) {
        this.engine = engine;
    }

    /** How many runs were asked to end now, of so many at most. */
    Mono<Long> hold(OrganizationId organization, int rows) {
        return one(
                connection -> connection
                        .createStatement(HOLD)
                        .bind(0, organization.value())
                        .bind(1, rows),
                ErasureStore::count);
    }

    /** How many schedules go on. */
    Mono<Long> release(OrganizationId organization) {
        return one(
                connection -> connection.createStatement(RELEASE).bind(0, organization.value()), ErasureStore::count);
    }

    /** A step; empty while another has its turn. */
    Mono<ErasureStep> erase(OrganizationId organization, int pages, int rows) {
        return one(
                connection -> connection
                        .createStatement(ERASE)
                        .bind(0, organization.value())
                        .bind(1, pages)
                        .bind(2, rows),
                ErasureStore::step);
    }

    /** How much there was to forget. */
    Mono<Long> forget(OrganizationId organization) {
        return one(connection -> connection.createStatement(FORGET).bind(0, organization.value()), ErasureStore::count);
    }

    private <T> Mono<T> one(Function<Connection, Statement> statement, Function<Readable, T> read) {
        return Mono.usingWhen(
                        engine.create(),
                        connection -> Flux.from(statement.apply(connection).execute())
                                .concatMap(result -> result.map(read))
                                .singleOrEmpty(),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static long count(Readable row) {
        return Objects.requireNonNull(row.get(0, Long.class));
    }

    private static ErasureStep step(Readable row) {
        return new ErasureStep(
                Objects.requireNonNull(row.get("erased", Long.class)),
                Objects.requireNonNull(row.get("walked", Boolean.class)),
                Objects.requireNonNull(row.get("clean", Boolean.class)),
                Objects.requireNonNull(row.get("counts", String.class)));
    }
}

package dev.sluice.shared.postgres;

import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Transactions in which row-level security shows one organization's rows only. The work commits when it completes; it is
 * rolled back on an error and on cancellation, and the connection goes back to the pool in every case. Errors leave
 * translated by {@link PostgresErrors}. Thread-safe.
 */
public final class TenantTransactions {

    private static final String SET_TENANT = "select set_config('sluice.organization', $1, true)";

    private final ConnectionPool pool;

    /** Transactions on connections of a login that row-level security binds. */
    public TenantTransactions(ConnectionPool pool) {
        this.pool = pool;
    }

    /** One transaction with at most one result, which is emitted after the commit. */
    public <T> Mono<T> inTenant(OrganizationId organization, Function<Connection, Mono<T>> work) {
        return Mono.usingWhen(pool.create(), connection -> transact(connection, organization, work), Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    /**
     * One transaction with any number of results, which are emitted while it is open; only completion says that it
     * committed.
     */
    public <T> Flux<T> manyInTenant(OrganizationId organization, Function<Connection, Flux<T>> work) {
        return Flux.usingWhen(
                        pool.create(), connection -> transactMany(connection, organization, work), Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static <T> Mono<T> transact(
            Connection connection, OrganizationId organization, Function<Connection, Mono<T>> work) {
        return Mono.usingWhen(
                begin(connection, organization),
                work,
                Connection::commitTransaction,
                (open, error) -> open.rollbackTransaction(),
                Connection::rollbackTransaction);
    }

    private static <T> Flux<T> transactMany(
            Connection connection, OrganizationId organization, Function<Connection, Flux<T>> work) {
        return Flux.usingWhen(
                begin(connection, organization),
                work,
                Connection::commitTransaction,
                (open, error) -> open.rollbackTransaction(),
                Connection::rollbackTransaction);
    }

    /** Interrupted half-way, the pool rolls back what has begun when the connection comes back to it. */
    private static Mono<Connection> begin(Connection connection, OrganizationId organization) {
        return Mono.from(connection.beginTransaction())
                .then(setTenant(connection, organization))
                .thenReturn(connection);
    }

    private static Mono<Void> setTenant(Connection connection, OrganizationId organization) {
        return Flux.from(connection
                        .createStatement(SET_TENANT)
                        .bind(0, organization.toString())
                        .execute())
                .concatMap(result -> result.map(row -> organization))
                .then();
    }
}

package dev.sluice.shared.postgres;

import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.util.function.Function;
import org.reactivestreams.Publisher;
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
        return Mono.usingWhen(
                        pool.create(),
                        connection -> begin(connection, organization).then(Mono.defer(() -> work.apply(connection))),
                        TenantTransactions::commit,
                        (connection, error) -> rollBack(connection),
                        TenantTransactions::rollBack)
                .onErrorMap(PostgresErrors::translate);
    }

    /**
     * One transaction with any number of results, which are emitted while it is open; only completion says that it
     * committed.
     */
    public <T> Flux<T> manyInTenant(OrganizationId organization, Function<Connection, Flux<T>> work) {
        return Flux.usingWhen(
                        pool.create(),
                        connection ->
                                begin(connection, organization).thenMany(Flux.defer(() -> work.apply(connection))),
                        TenantTransactions::commit,
                        (connection, error) -> rollBack(connection),
                        TenantTransactions::rollBack)
                .onErrorMap(PostgresErrors::translate);
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

    private static Mono<Void> begin(Connection connection, OrganizationId organization) {
        return Mono.from(connection.beginTransaction()).then(setTenant(connection, organization));
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

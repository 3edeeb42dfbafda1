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

    private final Transactions transactions;

    /** Transactions on connections of a login that row-level security binds. */
    public TenantTransactions(ConnectionPool pool) {
        this.transactions = new Transactions(pool);
    }

    /** One transaction with at most one result, which is emitted after the commit. */
    public <T> Mono<T> inTenant(OrganizationId organization, Function<Connection, Mono<T>> work) {
        return transactions.one(
                connection -> setTenant(connection, organization).then(Mono.defer(() -> work.apply(connection))));
    }

    /**
     * One transaction with any number of results, which are emitted while it is open; only completion says that it
     * committed.
     */
    public <T> Flux<T> manyInTenant(OrganizationId organization, Function<Connection, Flux<T>> work) {
        return transactions.many(
                connection -> setTenant(connection, organization).thenMany(Flux.defer(() -> work.apply(connection))));
    }

    /** Has a transaction of one organization go on in another, for the few things that concern both. */
    public static Mono<Void> goOnIn(Connection connection, OrganizationId organization) {
        return setTenant(connection, organization);
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

package dev.sluice.gateway.person;

import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.postgres.Transactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Transactions in which row-level security shows what is one person's own. They end as {@link TenantTransactions} do.
 * Thread-safe.
 */
public final class PersonTransactions {

    private static final String SET_PERSON = "select set_config('sluice.person', $1, true)";

    private final Transactions transactions;

    /** Transactions on connections of {@code sluice_api}. */
    public PersonTransactions(ConnectionPool api) {
        this.transactions = new Transactions(api);
    }

    /** One transaction with at most one result, which is emitted after the commit. */
    public <T> Mono<T> as(UUID person, Function<Connection, Mono<T>> work) {
        return transactions.one(
                connection -> setPerson(connection, person).then(Mono.defer(() -> work.apply(connection))));
    }

    /** The same, and it sees an organization's rows too. */
    public <T> Mono<T> asIn(UUID person, OrganizationId organization, Function<Connection, Mono<T>> work) {
        return as(
                person,
                connection -> TenantTransactions.goOnIn(connection, organization)
                        .then(Mono.defer(() -> work.apply(connection))));
    }

    private static Mono<Void> setPerson(Connection connection, UUID person) {
        return Flux.from(connection
                        .createStatement(SET_PERSON)
                        .bind(0, person.toString())
                        .execute())
                .concatMap(result -> result.map(row -> person))
                .then();
    }
}

package dev.sluice.executor.share;

import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL of {@code workflow.share}. */
final class ShareStore {

    private static final String ALL = """
            select organization_id, max_runs, weight from workflow.share order by organization_id limit $1
            """;

    private static final String FIND = """
            select organization_id, max_runs, weight from workflow.share where organization_id = $1
            """;

    private static final String SET = """
            insert into workflow.share (organization_id, max_runs, weight) values ($1, $2, $3)
            on conflict (organization_id) do update set max_runs = excluded.max_runs, weight = excluded.weight
            """;

    private static final String DELETE = "delete from workflow.share where organization_id = $1";

    private final TenantTransactions transactions;
    private final ConnectionPool engine;

    ShareStore(TenantTransactions transactions, ConnectionPool engine) {
        this.transactions = transactions;
        this.engine = engine;
    }

    /** Up to so many shares of all organizations. */
    Mono<Map<OrganizationId, Share>> all(int limit) {
        return Flux.usingWhen(
                        engine.create(),
                        connection -> Flux.from(connection
                                        .createStatement(ALL)
                                        .bind(0, limit)
                                        .execute())
                                .concatMap(result -> result.map(row -> Map.entry(organization(row), share(row)))),
                        Connection::close)
                .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                .onErrorMap(PostgresErrors::translate);
    }

    /** The share of one organization; empty when nothing was set. */
    Mono<Share> find(OrganizationId organization) {
        return transactions.inTenant(
                organization,
                connection -> Flux.from(connection
                                .createStatement(FIND)
                                .bind(0, organization.value())
                                .execute())
                        .concatMap(result -> result.map(ShareStore::share))
                        .singleOrEmpty());
    }

    Mono<Void> set(OrganizationId organization, Share share) {
        return transactions.inTenant(organization, connection -> {
            Statement statement = connection
                    .createStatement(SET)
                    .bind(0, organization.value())
                    .bind(2, share.weight());
            return updated(
                    share.maxRuns() == null
                            ? statement.bindNull(1, Integer.class)
                            : statement.bind(1, share.maxRuns()));
        });
    }

    Mono<Void> delete(OrganizationId organization) {
        return transactions.inTenant(
                organization,
                connection -> updated(connection.createStatement(DELETE).bind(0, organization.value())));
    }

    private static Mono<Void> updated(Statement statement) {
        return Flux.from(statement.execute())
                .concatMap(result -> result.getRowsUpdated())
                .then();
    }

    private static OrganizationId organization(Readable row) {
        return new OrganizationId(Objects.requireNonNull(row.get("organization_id", UUID.class)));
    }

    private static Share share(Readable row) {
        return new Share(row.get("max_runs", Integer.class), Objects.requireNonNull(row.get("weight", Integer.class)));
    }
}

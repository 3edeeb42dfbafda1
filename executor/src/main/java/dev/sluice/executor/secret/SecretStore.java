package dev.sluice.executor.secret;

import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL of {@code workflow.secret}. What is sealed is written by the login of requests, which cannot read it; the engine's can. */
final class SecretStore {

    /** One after the other of those an organization stores, so that no two count the same. */
    private static final String LOCK =
            "select pg_advisory_xact_lock(hashtextextended('workflow.secret ' || $1::text, 0))";

    private static final String PUT = """
            with former as (select from workflow.secret where organization_id = $1 and name = $2),
                 others as (select count(*) as number from workflow.secret where organization_id = $1 and name <> $2)
            insert into workflow.secret as s (organization_id, name, id, sealed, created_at, updated_at)
            select $1::uuid, $2::text, $3::uuid, $4::bytea, statement_timestamp(), statement_timestamp()
            from others where number < $5
            on conflict (organization_id, name) do update
                set id = $3::uuid, sealed = $4::bytea, updated_at = statement_timestamp()
            returning s.name, s.created_at, s.updated_at, not exists (select from former) as created
            """;

    private static final String LIST = """
            select name, created_at, updated_at from workflow.secret
            where organization_id = $1 and name > $2 order by name limit $3
            """;

    private static final String FIND = """
            select name, created_at, updated_at from workflow.secret where organization_id = $1 and name = $2
            """;

    private static final String DELETE = "delete from workflow.secret where organization_id = $1 and name = $2";

    private static final String SEALED = """
            select name, id, sealed from workflow.secret where organization_id = $1 and name = any($2::text[])
            """;

    private final TenantTransactions transactions;
    private final ConnectionPool engine;

    SecretStore(TenantTransactions transactions, ConnectionPool engine) {
        this.transactions = transactions;
        this.engine = engine;
    }

    /** What was stored, and whether there was none of its name before. */
    record Stored(Secret secret, boolean created) {}

    /** A value as it lies there, and what it was sealed for. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; it only travels to the vault
    record Sealed(String name, UUID id, byte[] bytes) {}

    /** Stores one, in the place of the former of its name; empty when there are so many others already. */
    Mono<Stored> put(OrganizationId organization, Sealed value, int most) {
        return transactions.inTenant(
                organization,
                connection -> lock(connection, organization)
                        .then(Mono.defer(() -> put(connection, organization, value, most))));
    }

    /** By name, from after one on. */
    Flux<Secret> list(OrganizationId organization, String after, int limit) {
        return transactions.manyInTenant(
                organization,
                connection -> secrets(connection
                        .createStatement(LIST)
                        .bind(0, organization.value())
                        .bind(1, after)
                        .bind(2, limit)));
    }

    /** Empty when there is none of that name. */
    Mono<Secret> find(OrganizationId organization, String name) {
        return transactions.inTenant(
                organization,
                connection -> secrets(connection
                                .createStatement(FIND)
                                .bind(0, organization.value())
                                .bind(1, name))
                        .singleOrEmpty());
    }

    /** Whether there was one. */
    Mono<Boolean> delete(OrganizationId organization, String name) {
        return transactions.inTenant(
                organization,
                connection -> Flux.from(connection
                                .createStatement(DELETE)
                                .bind(0, organization.value())
                                .bind(1, name)
                                .execute())
                        .concatMap(result -> result.getRowsUpdated())
                        .reduce(0L, Long::sum)
                        .map(rows -> rows > 0));
    }

    /** Those that there are of these names, by one query of the engine's. */
    Mono<List<Sealed>> sealed(OrganizationId organization, Set<String> names) {
        return Mono.usingWhen(
                        engine.create(),
                        connection -> Flux.from(connection
                                        .createStatement(SEALED)
                                        .bind(0, organization.value())
                                        .bind(1, names.toArray(String[]::new))
                                        .execute())
                                .concatMap(result -> result.map(SecretStore::readSealed))
                                .collectList(),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static Mono<Void> lock(Connection connection, OrganizationId organization) {
        return Flux.from(connection
                        .createStatement(LOCK)
                        .bind(0, organization.toString())
                        .execute())
                .concatMap(result -> result.map(row -> organization))
                .then();
    }

    private static Mono<Stored> put(Connection connection, OrganizationId organization, Sealed value, int most) {
        return Flux.from(connection
                        .createStatement(PUT)
                        .bind(0, organization.value())
                        .bind(1, value.name())
                        .bind(2, value.id())
                        .bind(3, value.bytes())
                        .bind(4, most)
                        .execute())
                .concatMap(result -> result.map(
                        row -> new Stored(secret(row), Objects.requireNonNull(row.get("created", Boolean.class)))))
                .singleOrEmpty();
    }

    private static Flux<Secret> secrets(Statement statement) {
        return Flux.from(statement.execute()).concatMap(result -> result.map(SecretStore::secret));
    }

    private static Secret secret(Readable row) {
        return new Secret(
                Objects.requireNonNull(row.get("name", String.class)),
                Objects.requireNonNull(row.get("created_at", Instant.class)),
                Objects.requireNonNull(row.get("updated_at", Instant.class)));
    }

    private static Sealed readSealed(Readable row) {
        return new Sealed(
                Objects.requireNonNull(row.get("name", String.class)),
                Objects.requireNonNull(row.get("id", UUID.class)),
                Objects.requireNonNull(row.get("sealed", byte[].class)));
    }
}

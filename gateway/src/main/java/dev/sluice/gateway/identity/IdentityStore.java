package dev.sluice.gateway.identity;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.web.Page;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.organization} and {@code identity.api_key}. */
final class IdentityStore {

    private static final String FIND_KEY = "select id, organization_id, scope from identity.find_api_key($1)";

    private static final String INSERT_ORGANIZATION = """
            insert into identity.organization (id, name) values ($1, $2) on conflict (id) do nothing""";

    private static final String INSERT_KEY = """
            insert into identity.api_key (id, organization_id, name, hash, scope)
            values ($1, $2, $3, $4, $5) on conflict (hash) do nothing""";

    private static final String LIST_KEYS = """
            select id, name, created_at from identity.api_key where organization_id = $1 and id < $2
            order by id desc limit $3""";

    /** Comes before the organization is known, so it is no tenant transaction. */
    Mono<Optional<Principal>> findKey(ConnectionPool api, SecretHash hash) {
        return Mono.usingWhen(api.create(), connection -> findKey(connection, hash), Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    /** Changes nothing when the organization exists. */
    Mono<Void> insertOrganization(Connection connection, OrganizationId id, String name) {
        return update(connection
                .createStatement(INSERT_ORGANIZATION)
                .bind("$1", id.value())
                .bind("$2", name));
    }

    /** Changes nothing when the key exists. */
    Mono<Void> insertKey(
            Connection connection, OrganizationId organization, ApiKey key, SecretHash hash, Principal.Scope scope) {
        return update(connection
                .createStatement(INSERT_KEY)
                .bind("$1", key.id())
                .bind("$2", organization.value())
                .bind("$3", key.name())
                .bind("$4", hash.bytes())
                .bind("$5", (short) scope.code()));
    }

    Mono<List<ApiKey>> listKeys(Connection connection, OrganizationId organization, Page page) {
        Statement statement = connection
                .createStatement(LIST_KEYS)
                .bind("$1", organization.value())
                .bind("$2", page.before())
                .bind("$3", page.rows());
        return Flux.from(statement.execute())
                .concatMap(result -> result.map((row, metadata) -> key(row)))
                .collectList();
    }

    private static Mono<Optional<Principal>> findKey(Connection connection, SecretHash hash) {
        ByteBuffer bytes = hash.bytes();
        return Flux.from(connection.createStatement(FIND_KEY).bind("$1", bytes).execute())
                .concatMap(result -> result.map((row, metadata) -> principal(row)))
                .next()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
    }

    private static Principal principal(Row row) {
        Principal.Scope scope = Principal.Scope.ofCode(Columns.required(row, "scope", Short.class))
                .orElseThrow();
        return new Principal(
                new OrganizationId(Columns.required(row, "organization_id", UUID.class)),
                Columns.required(row, "id", UUID.class),
                scope);
    }

    private static ApiKey key(Row row) {
        return new ApiKey(
                Columns.required(row, "id", UUID.class),
                Columns.required(row, "name", String.class),
                Columns.required(row, "created_at", Instant.class));
    }

    private static Mono<Void> update(Statement statement) {
        return Flux.from(statement.execute()).concatMap(Result::getRowsUpdated).then();
    }
}

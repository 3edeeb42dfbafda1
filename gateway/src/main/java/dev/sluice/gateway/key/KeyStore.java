package dev.sluice.gateway.key;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.access.Permission;
import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.web.Page;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.api_key}. */
final class KeyStore {

    private static final String FIND_CALLER = """
            select id, organization_id, scope, role, permissions, expires_at from identity.find_caller($1)""";

    private static final String TOUCH = "select identity.touch_api_keys($1, $2)";

    private static final String INSERT = """
            insert into identity.api_key (id, organization_id, name, hash, scope, role, permissions, created_at, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (hash) do nothing""";

    private static final String LIST = """
            select id, name, scope, role, permissions, created_at, expires_at, last_used_at, revoked_at, replaced_by
            from identity.api_key where organization_id = $1 and id < $2
            order by id desc limit $3""";

    private static final String FIND = """
            select id, name, scope, role, permissions, created_at, expires_at, last_used_at, revoked_at, replaced_by
            from identity.api_key where organization_id = $1 and id = $2""";

    /** Of two who take back or replace a key, the second sees what the first has done. */
    private static final String LOCK = FIND + " for no key update";

    private static final String REVOKE =
            "update identity.api_key set revoked_at = $3 where organization_id = $1 and id = $2";

    private static final String REPLACE = """
            update identity.api_key set replaced_by = $3, expires_at = least(expires_at, $4)
            where organization_id = $1 and id = $2""";

    /** Comes before the organization is known, so it is no tenant transaction. */
    Mono<Optional<Caller>> findCaller(ConnectionPool api, SecretHash hash) {
        return Rows.alone(
                api,
                connection ->
                        Rows.first(connection.createStatement(FIND_CALLER).bind(0, hash.bytes()), KeyStore::caller));
    }

    /** Notes when keys were used, of whichever organizations; a use before the one that is there changes nothing. */
    Mono<Void> touch(ConnectionPool api, Map<UUID, Instant> used) {
        UUID[] ids = used.keySet().toArray(UUID[]::new);
        OffsetDateTime[] instants =
                Arrays.stream(ids).map(used::get).map(KeyStore::time).toArray(OffsetDateTime[]::new);
        return Rows.alone(
                api,
                connection ->
                        update(connection.createStatement(TOUCH).bind(0, ids).bind(1, instants)));
    }

    /** Changes nothing when the key exists. */
    Mono<Void> insert(Connection connection, OrganizationId organization, ApiKey key, SecretHash hash) {
        Statement statement = connection
                .createStatement(INSERT)
                .bind(0, key.id())
                .bind(1, organization.value())
                .bind(2, key.name())
                .bind(3, hash.bytes())
                .bind(4, (short) key.scope().code())
                .bind(7, time(key.createdAt()));
        Instant expiresAt = key.expiresAt();
        bindGrant(statement, key.grant());
        Rows.bind(statement, 8, OffsetDateTime.class, expiresAt == null ? null : time(expiresAt));
        return update(statement);
    }

    Mono<List<ApiKey>> list(Connection connection, OrganizationId organization, Page page) {
        return Flux.from(connection
                        .createStatement(LIST)
                        .bind(0, organization.value())
                        .bind(1, page.before())
                        .bind(2, page.rows())
                        .execute())
                .concatMap(result -> result.map((row, metadata) -> key(row)))
                .collectList();
    }

    Mono<Optional<ApiKey>> find(Connection connection, OrganizationId organization, UUID id) {
        return Rows.first(
                connection.createStatement(FIND).bind(0, organization.value()).bind(1, id), KeyStore::key);
    }

    /** The same; nobody else changes it until the transaction ends. */
    Mono<Optional<ApiKey>> lock(Connection connection, OrganizationId organization, UUID id) {
        return Rows.first(
                connection.createStatement(LOCK).bind(0, organization.value()).bind(1, id), KeyStore::key);
    }

    Mono<Void> revoke(Connection connection, OrganizationId organization, UUID id, Instant now) {
        return update(connection
                .createStatement(REVOKE)
                .bind(0, organization.value())
                .bind(1, id)
                .bind(2, time(now)));
    }

    /** The key ends at an instant, unless it ends before. */
    Mono<Void> replace(Connection connection, OrganizationId organization, UUID id, UUID replacement, Instant end) {
        return update(connection
                .createStatement(REPLACE)
                .bind(0, organization.value())
                .bind(1, id)
                .bind(2, replacement)
                .bind(3, time(end)));
    }

    private static void bindGrant(Statement statement, Grant grant) {
        String role = grant.role() == null ? null : grant.role().id();
        String[] permissions = grant.permissions().stream().map(Permission::id).toArray(String[]::new);
        Rows.bind(statement, 5, String.class, role);
        Rows.bind(statement, 6, String[].class, role == null ? permissions : null);
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Caller caller(Row row) {
        Principal principal = new Principal(
                new OrganizationId(Columns.required(row, "organization_id", UUID.class)),
                Columns.required(row, "id", UUID.class),
                scope(row));
        return Caller.key(principal, grant(row), row.get("expires_at", Instant.class));
    }

    private static ApiKey key(Row row) {
        return new ApiKey(
                Columns.required(row, "id", UUID.class),
                Columns.required(row, "name", String.class),
                scope(row),
                grant(row),
                Columns.required(row, "created_at", Instant.class),
                row.get("expires_at", Instant.class),
                row.get("last_used_at", Instant.class),
                row.get("revoked_at", Instant.class),
                row.get("replaced_by", UUID.class));
    }

    private static Principal.Scope scope(Row row) {
        return Principal.Scope.ofCode(Columns.required(row, "scope", Short.class))
                .orElseThrow();
    }

    private static Grant grant(Row row) {
        String[] permissions = row.get("permissions", String[].class);
        return Grant.stored(row.get("role", String.class), permissions == null ? null : List.of(permissions));
    }

    private static Mono<Void> update(Statement statement) {
        return Rows.written(statement).then();
    }
}

package dev.sluice.gateway.published;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The SQL of {@code ingress.route} and {@code ingress.route_version}. */
final class RouteStore {

    /** Most routes of one organization. */
    static final int MOST = 500;

    /** Versions of a route that are kept, the latest and the one that is in use. */
    static final int MOST_VERSIONS = 50;

    private static final String COLUMNS = """
            select v.id, v.name, v.version, v.document, v.sealed_headers, v.created_by, v.created_at,
                   v.version = r.version as active, r.purges
              from ingress.route r join ingress.route_version v using (organization_id, name)
             where r.organization_id = $1""";

    private static final String ACTIVE = COLUMNS + " and v.version = r.version order by r.name";

    private static final String FIND_ACTIVE = COLUMNS + " and r.name = $2 and v.version = r.version";

    private static final String FIND = COLUMNS + " and r.name = $2 and v.version = $3";

    private static final String VERSIONS = COLUMNS + " and r.name = $2 order by v.version desc";

    /** One after the other of an organization's changes, so that no two count the same. */
    private static final String LOCK =
            "select pg_advisory_xact_lock(hashtextextended('ingress.route ' || $1::text, 0))";

    private static final String COUNT = "select count(*)::int as number from ingress.route where organization_id = $1";

    private static final String LATEST = """
            select coalesce(max(version), 0) as number from ingress.route_version where organization_id = $1 and name = $2""";

    private static final String PUT = """
            insert into ingress.route (organization_id, name, path, version) values ($1, $2, $3, $4)
            on conflict (organization_id, name) do update set path = excluded.path, version = excluded.version""";

    private static final String ADD_VERSION = """
            insert into ingress.route_version
                   (id, organization_id, name, version, document, sealed_headers, created_by, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)""";

    private static final String FORGET = """
            delete from ingress.route_version v using ingress.route r
             where v.organization_id = $1 and v.name = $2 and v.version <= $3
               and r.organization_id = v.organization_id and r.name = v.name and r.version <> v.version""";

    private static final String PURGE =
            "update ingress.route set purges = purges + 1 where organization_id = $1 and name = $2";

    private static final String DELETE = "delete from ingress.route where organization_id = $1 and name = $2";

    /** Those in use, at most {@value #MOST}, by name. */
    Mono<List<RouteVersion>> active(Connection connection, OrganizationId organization) {
        return read(bind(connection, ACTIVE, organization));
    }

    Mono<Optional<RouteVersion>> findActive(Connection connection, OrganizationId organization, String name) {
        return Rows.first(bind(connection, FIND_ACTIVE, organization).bind(1, name), RouteStore::version);
    }

    Mono<Optional<RouteVersion>> find(Connection connection, OrganizationId organization, String name, int version) {
        return Rows.first(bind(connection, FIND, organization).bind(1, name).bind(2, version), RouteStore::version);
    }

    /** The latest first; empty when there is no such route. */
    Mono<List<RouteVersion>> versions(Connection connection, OrganizationId organization, String name) {
        return read(bind(connection, VERSIONS, organization).bind(1, name));
    }

    /** Nobody else changes a route of the organization until the transaction ends. */
    Mono<Void> lock(Connection connection, OrganizationId organization) {
        return Rows.all(bind(connection, LOCK, organization), row -> true).then();
    }

    Mono<Integer> count(Connection connection, OrganizationId organization) {
        return number(bind(connection, COUNT, organization));
    }

    /** The number of the latest version there is; 0 when there is none. */
    Mono<Integer> latest(Connection connection, OrganizationId organization, String name) {
        return number(bind(connection, LATEST, organization).bind(1, name));
    }

    /** From now on requests go by this version; an error for a path that another route has. */
    Mono<Void> put(Connection connection, OrganizationId organization, String name, RoutePath path, int version) {
        return Rows.written(bind(connection, PUT, organization)
                        .bind(1, name)
                        .bind(2, path.toString())
                        .bind(3, version))
                .then();
    }

    Mono<Void> addVersion(Connection connection, OrganizationId organization, RouteVersion version) {
        Statement statement = connection
                .createStatement(ADD_VERSION)
                .bind(0, version.id())
                .bind(1, organization.value())
                .bind(2, version.name())
                .bind(3, version.version())
                .bind(4, ByteBuffer.wrap(Json.bytes(version.document())))
                .bind(6, version.createdBy())
                .bind(7, version.createdAt());
        Rows.bind(statement, 5, ByteBuffer.class, version.secrets());
        return Rows.written(statement).then();
    }

    /** Deletes versions up to this one, except the one in use. */
    Mono<Void> forget(Connection connection, OrganizationId organization, String name, int upTo) {
        return Rows.written(bind(connection, FORGET, organization).bind(1, name).bind(2, upTo))
                .then();
    }

    /** False when there is no such route. */
    Mono<Boolean> purge(Connection connection, OrganizationId organization, String name) {
        return Rows.anyWritten(bind(connection, PURGE, organization).bind(1, name));
    }

    /** False when there is no such route. */
    Mono<Boolean> delete(Connection connection, OrganizationId organization, String name) {
        return Rows.anyWritten(bind(connection, DELETE, organization).bind(1, name));
    }

    private static Statement bind(Connection connection, String sql, OrganizationId organization) {
        return connection.createStatement(sql).bind(0, organization.value());
    }

    private static Mono<Integer> number(Statement statement) {
        return Rows.all(statement, row -> Columns.required(row, "number", Integer.class))
                .single();
    }

    private static Mono<List<RouteVersion>> read(Statement statement) {
        return Rows.all(statement, RouteStore::version).collectList();
    }

    private static RouteVersion version(Row row) {
        ByteBuffer document = Columns.required(row, "document", ByteBuffer.class);
        byte[] bytes = new byte[document.remaining()];
        document.get(bytes);
        return new RouteVersion(
                Columns.required(row, "id", UUID.class),
                Columns.required(row, "name", String.class),
                Columns.required(row, "version", Integer.class),
                Json.read(bytes),
                row.get("sealed_headers", ByteBuffer.class),
                Columns.required(row, "created_by", String.class),
                Columns.required(row, "created_at", Instant.class),
                Columns.required(row, "active", Boolean.class),
                Columns.required(row, "purges", Integer.class));
    }
}

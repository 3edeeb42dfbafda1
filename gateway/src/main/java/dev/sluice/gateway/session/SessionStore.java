package dev.sluice.gateway.session;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.web.Page;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.session}, in transactions of its person. Thread-safe. */
public final class SessionStore {

    private static final String FIND_CALLER = """
            select id, person_id, organization_id, role, permissions, expires_at from identity.find_session($1, $2)""";

    private static final String TOUCH = "select identity.touch_sessions($1, $2)";

    private static final String INSERT = """
            insert into identity.session (id, person_id, organization_id, hash, agent, address, created_at, seen_at, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7, $7, $8)""";

    private static final String LIST = """
            select id, person_id, organization_id, agent, address, created_at, seen_at, expires_at from identity.session
            where person_id = $1 and id < $2 and expires_at > $3 and seen_at > $4
            order by id desc limit $5""";

    private static final String DELETE = "delete from identity.session where person_id = $1 and id = $2";

    private static final String DELETE_OTHERS = "delete from identity.session where person_id = $1 and id <> $2";

    private static final String DELETE_OLDEST = """
            delete from identity.session where id in (
                select id from identity.session where person_id = $1 order by id desc offset $2)""";

    private static final String DELETE_ALL = "delete from identity.session where person_id = $1";

    private static final String ORGANIZATIONS = """
            select o.id, o.name from identity.member m join identity.organization o on o.id = m.organization_id
            where m.person_id = $1 and o.closed_at is null order by m.created_at, o.id limit 1000""";

    /** An organization that a person belongs to. */
    record Membership(OrganizationId id, String name) {}

    /** Comes before anything is known, so it is no tenant transaction. */
    Mono<Optional<Caller>> findCaller(ConnectionPool api, SecretHash hash, Duration idle) {
        return Rows.alone(
                api,
                connection -> Rows.first(
                        connection
                                .createStatement(FIND_CALLER)
                                .bind(0, hash.bytes())
                                .bind(1, idle.toMillis() / 1e3),
                        SessionStore::caller));
    }

    /** Notes when sessions were seen, of whichever people; one before the one that is there changes nothing. */
    Mono<Void> touch(ConnectionPool api, Map<UUID, Instant> seen) {
        UUID[] ids = seen.keySet().toArray(UUID[]::new);
        OffsetDateTime[] instants =
                Arrays.stream(ids).map(seen::get).map(SessionStore::time).toArray(OffsetDateTime[]::new);
        return Rows.alone(
                        api,
                        connection -> Rows.written(
                                connection.createStatement(TOUCH).bind(0, ids).bind(1, instants)))
                .then();
    }

    Mono<Void> insert(Connection connection, Session session, SecretHash hash) {
        return Rows.written(connection
                        .createStatement(INSERT)
                        .bind(0, session.id())
                        .bind(1, session.person())
                        .bind(2, session.organization().value())
                        .bind(3, hash.bytes())
                        .bind(4, session.agent())
                        .bind(5, session.address())
                        .bind(6, time(session.createdAt()))
                        .bind(7, time(session.expiresAt())))
                .then();
    }

    /** Those that are good at an instant, the newest first. */
    Mono<List<Session>> list(Connection connection, UUID person, Page page, Instant now, Duration idle) {
        return Flux.from(connection
                        .createStatement(LIST)
                        .bind(0, person)
                        .bind(1, page.before())
                        .bind(2, time(now))
                        .bind(3, time(now.minus(idle)))
                        .bind(4, page.rows())
                        .execute())
                .concatMap(result -> result.map((row, metadata) -> session(row)))
                .collectList();
    }

    /** False when the person has no such session. */
    Mono<Boolean> delete(Connection connection, UUID person, UUID session) {
        return Rows.written(connection.createStatement(DELETE).bind(0, person).bind(1, session))
                .map(rows -> rows > 0);
    }

    /** All of a person's but so many of the newest. */
    Mono<Void> deleteOldest(Connection connection, UUID person, int kept) {
        return Rows.written(connection
                        .createStatement(DELETE_OLDEST)
                        .bind(0, person)
                        .bind(1, kept))
                .then();
    }

    /** All of a person's but one. */
    public Mono<Void> deleteOthers(Connection connection, UUID person, UUID session) {
        return Rows.written(connection
                        .createStatement(DELETE_OTHERS)
                        .bind(0, person)
                        .bind(1, session))
                .then();
    }

    /** All of a person's. */
    public Mono<Void> deleteAll(Connection connection, UUID person) {
        return Rows.written(connection.createStatement(DELETE_ALL).bind(0, person))
                .then();
    }

    /** What a person belongs to, the oldest membership first. */
    Mono<List<Membership>> organizations(Connection connection, UUID person) {
        return Flux.from(connection
                        .createStatement(ORGANIZATIONS)
                        .bind(0, person)
                        .execute())
                .concatMap(result -> result.map((row, metadata) -> new Membership(
                        new OrganizationId(Columns.required(row, "id", UUID.class)),
                        Columns.required(row, "name", String.class))))
                .collectList();
    }

    private static Caller caller(Row row) {
        String @Nullable [] permissions = row.get("permissions", String[].class);
        return Caller.person(
                new Principal(
                        new OrganizationId(Columns.required(row, "organization_id", UUID.class)),
                        Columns.required(row, "person_id", UUID.class),
                        Principal.Scope.ORGANIZATION),
                Grant.stored(row.get("role", String.class), permissions == null ? null : List.of(permissions)),
                Columns.required(row, "expires_at", Instant.class),
                Columns.required(row, "id", UUID.class));
    }

    private static Session session(Row row) {
        return new Session(
                Columns.required(row, "id", UUID.class),
                Columns.required(row, "person_id", UUID.class),
                new OrganizationId(Columns.required(row, "organization_id", UUID.class)),
                Columns.required(row, "agent", String.class),
                Columns.required(row, "address", String.class),
                Columns.required(row, "created_at", Instant.class),
                Columns.required(row, "seen_at", Instant.class),
                Columns.required(row, "expires_at", Instant.class));
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}

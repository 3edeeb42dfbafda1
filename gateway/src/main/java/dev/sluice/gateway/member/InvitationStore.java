package dev.sluice.gateway.member;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.person.Email;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.Page;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.invitation}. */
final class InvitationStore {

    private static final String FIND_OPEN =
            "select id, organization_id, email, role, own_role, person_id from identity.find_invitation($1)";

    private static final String INSERT = """
            insert into identity.invitation
                (id, organization_id, email, role, own_role, token_hash, invited_by, created_at, expires_at)
            values ($1, $2, $5, $3, $4, $6, $7, $8, $9)""";

    private static final String LIST = """
            select id, email, role, own_role, invited_by, created_at, expires_at from identity.invitation
            where organization_id = $1 and id < $2 and expires_at > $3
            order by id desc limit $4""";

    private static final String DELETE = "delete from identity.invitation where organization_id = $1 and id = $2";

    /**
     * An invitation that is good yet, as its token finds it.
     *
     * @param person who has its address; absent while nobody has
     */
    record Open(
            UUID id,
            OrganizationId organization,
            Email email,
            RoleName role,
            @Nullable UUID person) {}

    /** Comes before anything is known, so it is no tenant transaction. */
    Mono<Optional<Open>> findOpen(ConnectionPool api, SecretHash token) {
        return Rows.alone(
                api,
                connection -> Rows.first(
                        connection.createStatement(FIND_OPEN).bind(0, token.bytes()), InvitationStore::open));
    }

    Mono<Void> insert(Connection connection, OrganizationId organization, Invitation invitation, SecretHash token) {
        Statement statement = connection
                .createStatement(INSERT)
                .bind(0, invitation.id())
                .bind(1, organization.value())
                .bind(4, invitation.email().value())
                .bind(5, token.bytes())
                .bind(6, invitation.invitedBy())
                .bind(7, time(invitation.createdAt()))
                .bind(8, time(invitation.expiresAt()));
        Rows.bind(statement, 2, String.class, invitation.role().builtInId());
        Rows.bind(statement, 3, String.class, invitation.role().own());
        return Rows.written(statement).then();
    }

    /** Those that are good at an instant, the newest first. */
    Mono<List<Invitation>> list(Connection connection, OrganizationId organization, Page page, Instant now) {
        return Flux.from(connection
                        .createStatement(LIST)
                        .bind(0, organization.value())
                        .bind(1, page.before())
                        .bind(2, time(now))
                        .bind(3, page.rows())
                        .execute())
                .concatMap(result -> result.map((row, metadata) -> invitation(row)))
                .collectList();
    }

    /** False when there is none, or it was used or taken back. */
    Mono<Boolean> delete(Connection connection, OrganizationId organization, UUID id) {
        return Rows.written(connection
                        .createStatement(DELETE)
                        .bind(0, organization.value())
                        .bind(1, id))
                .map(rows -> rows > 0);
    }

    private static Open open(Row row) {
        return new Open(
                Columns.required(row, "id", UUID.class),
                new OrganizationId(Columns.required(row, "organization_id", UUID.class)),
                new Email(Columns.required(row, "email", String.class)),
                role(row),
                row.get("person_id", UUID.class));
    }

    private static Invitation invitation(Row row) {
        return new Invitation(
                Columns.required(row, "id", UUID.class),
                new Email(Columns.required(row, "email", String.class)),
                role(row),
                Columns.required(row, "invited_by", String.class),
                Columns.required(row, "created_at", Instant.class),
                Columns.required(row, "expires_at", Instant.class));
    }

    private static RoleName role(Row row) {
        return RoleName.stored(row.get("role", String.class), row.get("own_role", String.class));
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}

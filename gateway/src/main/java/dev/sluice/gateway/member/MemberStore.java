package dev.sluice.gateway.member;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.person.PersonStore;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.Page;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.member}. */
final class MemberStore {

    private static final String LIST = """
            select p.id, p.email, p.name, p.second_factor, p.created_at, m.role, m.own_role, m.created_at as since
            from identity.member m join identity.person p on p.id = m.person_id
            where m.organization_id = $1 and m.person_id < $2
            order by m.person_id desc limit $3""";

    private static final String FIND = """
            select p.id, p.email, p.name, p.second_factor, p.created_at, m.role, m.own_role, m.created_at as since
            from identity.member m join identity.person p on p.id = m.person_id
            where m.organization_id = $1 and m.person_id = $2
            """;

    private static final String LOCK = FIND + "for no key update of m";

    /** In one order, so that two who take an owner each away wait for each other, and one of them sees there is one left. */
    private static final String LOCK_OWNERS = """
            select person_id from identity.member where organization_id = $1 and role = 'owner'
            order by person_id for no key update""";

    private static final String INSERT = """
            insert into identity.member (organization_id, person_id, role, own_role) values ($1, $2, $3, $4)
            on conflict (organization_id, person_id) do nothing""";

    private static final String UPDATE = """
            update identity.member set role = $3, own_role = $4 where organization_id = $1 and person_id = $2""";

    private static final String DELETE = "delete from identity.member where organization_id = $1 and person_id = $2";

    Mono<List<Member>> list(Connection connection, OrganizationId organization, Page page) {
        return read(connection
                        .createStatement(LIST)
                        .bind(0, organization.value())
                        .bind(1, page.before())
                        .bind(2, page.rows()))
                .collectList();
    }

    Mono<Optional<Member>> find(Connection connection, OrganizationId organization, UUID person) {
        return one(connection, FIND, organization, person);
    }

    /** The same; nobody else changes it until the transaction ends. */
    Mono<Optional<Member>> lock(Connection connection, OrganizationId organization, UUID person) {
        return one(connection, LOCK, organization, person);
    }

    private static Mono<Optional<Member>> one(
            Connection connection, String sql, OrganizationId organization, UUID person) {
        return read(connection
                        .createStatement(sql)
                        .bind(0, organization.value())
                        .bind(1, person))
                .next()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
    }

    /** All owners; nobody becomes or ceases to be one of them until the transaction ends. */
    Mono<List<UUID>> lockOwners(Connection connection, OrganizationId organization) {
        return Flux.from(connection
                        .createStatement(LOCK_OWNERS)
                        .bind(0, organization.value())
                        .execute())
                .concatMap(result -> result.map((row, metadata) -> Columns.required(row, "person_id", UUID.class)))
                .collectList();
    }

    /** False when they belong to it already. */
    Mono<Boolean> insert(Connection connection, OrganizationId organization, UUID person, RoleName role) {
        return Rows.written(bind(connection.createStatement(INSERT), organization, person, role))
                .map(rows -> rows > 0);
    }

    Mono<Void> update(Connection connection, OrganizationId organization, UUID person, RoleName role) {
        return Rows.written(bind(connection.createStatement(UPDATE), organization, person, role))
                .then();
    }

    Mono<Void> delete(Connection connection, OrganizationId organization, UUID person) {
        return Rows.written(connection
                        .createStatement(DELETE)
                        .bind(0, organization.value())
                        .bind(1, person))
                .then();
    }

    private static Statement bind(Statement statement, OrganizationId organization, UUID person, RoleName role) {
        Statement bound = statement.bind(0, organization.value()).bind(1, person);
        Rows.bind(bound, 2, String.class, role.builtInId());
        Rows.bind(bound, 3, String.class, role.own());
        return bound;
    }

    private static Member member(Row row) {
        return new Member(
                PersonStore.person(row),
                RoleName.stored(row.get("role", String.class), row.get("own_role", String.class)),
                Columns.required(row, "since", Instant.class));
    }

    private static Flux<Member> read(Statement statement) {
        return Rows.all(statement, MemberStore::member);
    }
}

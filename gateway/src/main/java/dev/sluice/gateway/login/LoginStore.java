package dev.sluice.gateway.login;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.person.Email;
import dev.sluice.gateway.person.LoginTokens.Account;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.login_link}, in transactions of its person. */
final class LoginStore {

    private static final String FIND =
            "select id, generation, email, name, second_factor, linked from identity.find_login($1, $2, $3)";

    private static final String INSERT = """
            insert into identity.login_link (id, person_id, issuer, subject, provider, account)
            values ($1, $2, $3, $4, $5, $6) on conflict do nothing""";

    private static final String LIST = """
            select id, provider, issuer, account, created_at from identity.login_link
            where person_id = $1 order by id desc limit 100""";

    private static final String DELETE = "delete from identity.login_link where person_id = $1 and id = $2";

    /**
     * Somebody whose account, or whose address, it is.
     *
     * @param generation of what proves who they are
     * @param linked     whether it is their account, and not just their address
     */
    record Found(UUID person, int generation, Email email, String name, boolean secondFactor, boolean linked) {}

    /** An account that lets a person in. */
    record Link(UUID id, String provider, String issuer, String account, Instant createdAt) {}

    /** Comes before anything is known, so it is no transaction of a person. */
    Mono<Optional<Found>> find(
            ConnectionPool api, @Nullable String issuer, @Nullable String subject, @Nullable Email email) {
        return Rows.alone(api, connection -> {
            Statement statement = connection.createStatement(FIND);
            Rows.bind(statement, 0, String.class, issuer);
            Rows.bind(statement, 1, String.class, subject);
            Rows.bind(statement, 2, String.class, email == null ? null : email.value());
            return Rows.first(statement, LoginStore::found);
        });
    }

    /** False when it is somebody's already. */
    Mono<Boolean> insert(Connection connection, UUID person, Account account) {
        return Rows.anyWritten(connection
                .createStatement(INSERT)
                .bind(0, account.id())
                .bind(1, person)
                .bind(2, account.issuer())
                .bind(3, account.subject())
                .bind(4, account.provider())
                .bind(5, account.name()));
    }

    /** The newest first, a hundred at most. */
    Mono<List<Link>> list(Connection connection, UUID person) {
        return Rows.all(connection.createStatement(LIST).bind(0, person), LoginStore::link)
                .collectList();
    }

    /** False when the person has no such link. */
    Mono<Boolean> delete(Connection connection, UUID person, UUID id) {
        return Rows.anyWritten(
                connection.createStatement(DELETE).bind(0, person).bind(1, id));
    }

    private static Found found(Row row) {
        return new Found(
                Columns.required(row, "id", UUID.class),
                Columns.required(row, "generation", Integer.class),
                new Email(Columns.required(row, "email", String.class)),
                Columns.required(row, "name", String.class),
                Columns.required(row, "second_factor", Boolean.class),
                Columns.required(row, "linked", Boolean.class));
    }

    private static Link link(Row row) {
        return new Link(
                Columns.required(row, "id", UUID.class),
                Columns.required(row, "provider", String.class),
                Columns.required(row, "issuer", String.class),
                Columns.required(row, "account", String.class),
                Columns.required(row, "created_at", Instant.class));
    }
}

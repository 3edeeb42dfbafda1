package dev.sluice.gateway.person;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.person.LoginTokens.Account;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.login_token}. Nobody may select it. */
final class LoginTokenStore {

    private static final String INSERT = """
            insert into identity.login_token
                (hash, person_id, generation, method, link_id, issuer, subject, provider, account, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""";

    private static final String ATTEMPT = """
            select id, generation, second_factor, sealed_secret, method, locked from identity.attempt_by_token($1, $2)""";

    private static final String USE = "select provider, linked from identity.use_login_token($1)";

    /** What a token stands for; {@code locked} when there were too many wrong codes before this one. */
    record Attempt(
            UUID person,
            int generation,
            boolean secondFactor,
            @Nullable ByteBuffer sealedSecret,
            String method,
            boolean locked) {}

    /** One that is used up; {@code linked} is the provider whose account is the person's by that. */
    record Used(Optional<String> linked) {}

    /** In a transaction of the person. */
    Mono<Void> insert(
            Connection connection,
            SecretHash hash,
            UUID person,
            int generation,
            String method,
            @Nullable Account account,
            Instant end) {
        Statement statement = connection
                .createStatement(INSERT)
                .bind(0, hash.bytes())
                .bind(1, person)
                .bind(2, generation)
                .bind(3, method)
                .bind(9, end.atOffset(ZoneOffset.UTC));
        Rows.bind(statement, 4, UUID.class, account == null ? null : account.id());
        Rows.bind(statement, 5, String.class, account == null ? null : account.issuer());
        Rows.bind(statement, 6, String.class, account == null ? null : account.subject());
        Rows.bind(statement, 7, String.class, account == null ? null : account.provider());
        Rows.bind(statement, 8, String.class, account == null ? null : account.name());
        return Rows.written(statement).then();
    }

    /** Comes before anything is known, so it is no transaction of a person. */
    Mono<Optional<Attempt>> attempt(ConnectionPool api, SecretHash token, boolean withCode) {
        return Rows.alone(
                api,
                connection -> Rows.first(
                        connection
                                .createStatement(ATTEMPT)
                                .bind(0, token.bytes())
                                .bind(1, withCode),
                        LoginTokenStore::attempt));
    }

    /** In a transaction of the person; empty when it is used up, or its time is over. */
    Mono<Optional<Used>> use(Connection connection, SecretHash token) {
        return Rows.first(connection.createStatement(USE).bind(0, token.bytes()), LoginTokenStore::used);
    }

    private static Attempt attempt(Row row) {
        return new Attempt(
                Columns.required(row, "id", UUID.class),
                Columns.required(row, "generation", Integer.class),
                Columns.required(row, "second_factor", Boolean.class),
                row.get("sealed_secret", ByteBuffer.class),
                Columns.required(row, "method", String.class),
                Columns.required(row, "locked", Boolean.class));
    }

    private static Used used(Row row) {
        boolean linked = Columns.required(row, "linked", Boolean.class);
        return new Used(Optional.ofNullable(row.get("provider", String.class)).filter(provider -> linked));
    }
}

package dev.sluice.gateway.member;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.person.Email;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.reset}, in transactions of its person. */
final class ResetStore {

    private static final String FIND =
            "select person_id, email, name, removes_second_factor from identity.find_reset($1)";

    /** One at a time: a new one ends the one before. */
    private static final String PUT = """
            insert into identity.reset (person_id, hash, removes_second_factor, expires_at) values ($1, $2, $3, $4)
            on conflict (person_id) do update set hash = excluded.hash,
                removes_second_factor = excluded.removes_second_factor, expires_at = excluded.expires_at""";

    private static final String DELETE = "delete from identity.reset where person_id = $1 and hash = $2";

    private static final String OTHERS =
            "select count(*) from identity.member where person_id = $1 and organization_id <> $2";

    /** One that is good yet, with whose it is. */
    record Open(UUID person, Email email, String name, boolean removesSecondFactor) {}

    /** Comes before anything is known, so it is no transaction of a person. */
    Mono<Optional<Open>> find(ConnectionPool api, SecretHash token) {
        return Rows.alone(
                api,
                connection -> Rows.first(connection.createStatement(FIND).bind(0, token.bytes()), ResetStore::open));
    }

    Mono<Void> put(Connection connection, UUID person, SecretHash token, boolean removesSecondFactor, Instant end) {
        return Rows.written(connection
                        .createStatement(PUT)
                        .bind(0, person)
                        .bind(1, token.bytes())
                        .bind(2, removesSecondFactor)
                        .bind(3, end.atOffset(ZoneOffset.UTC)))
                .then();
    }

    /** False when it was used, or another one is in its place. */
    Mono<Boolean> delete(Connection connection, UUID person, SecretHash token) {
        return Rows.written(connection.createStatement(DELETE).bind(0, person).bind(1, token.bytes()))
                .map(rows -> rows > 0);
    }

    /** How many organizations besides one a person belongs to. */
    Mono<Long> otherMemberships(Connection connection, UUID person, UUID organization) {
        return Flux.from(connection
                        .createStatement(OTHERS)
                        .bind(0, person)
                        .bind(1, organization)
                        .execute())
                .concatMap(result -> result.map((row, metadata) -> Columns.required(row, "count", Long.class)))
                .single();
    }

    private static Open open(Row row) {
        return new Open(
                Columns.required(row, "person_id", UUID.class),
                new Email(Columns.required(row, "email", String.class)),
                Columns.required(row, "name", String.class),
                Columns.required(row, "removes_second_factor", Boolean.class));
    }
}

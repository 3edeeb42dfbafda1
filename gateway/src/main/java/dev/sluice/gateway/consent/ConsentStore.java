package dev.sluice.gateway.consent;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.shared.web.Page;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.consent}, in transactions of the person. */
final class ConsentStore {

    private static final String HELD = """
            select id, purpose, version, given_at, withdrawn_at from identity.consent
            where person_id = $1 and purpose = $2 and withdrawn_at is null""";

    private static final String INSERT = """
            insert into identity.consent (id, person_id, purpose, version, given_at) values ($1, $2, $3, $4, $5)
            on conflict (person_id, purpose) where withdrawn_at is null do nothing""";

    private static final String WITHDRAW = """
            update identity.consent set withdrawn_at = greatest($3, given_at)
            where person_id = $1 and purpose = $2 and withdrawn_at is null""";

    private static final String REPLACE = WITHDRAW + " and version <> $4";

    private static final String LIST = """
            select id, purpose, version, given_at, withdrawn_at from identity.consent
            where person_id = $1 and id < $2 order by id desc limit $3""";

    /** The one that holds for a purpose. */
    Mono<Optional<Consent>> held(Connection connection, UUID person, String purpose) {
        return Rows.first(connection.createStatement(HELD).bind(0, person).bind(1, purpose), ConsentStore::consent);
    }

    /** False when one holds for that purpose. */
    Mono<Boolean> insert(Connection connection, UUID person, Consent consent) {
        return Rows.anyWritten(connection
                .createStatement(INSERT)
                .bind(0, consent.id())
                .bind(1, person)
                .bind(2, consent.purpose())
                .bind(3, consent.version())
                .bind(4, consent.givenAt().atOffset(ZoneOffset.UTC)));
    }

    /** False when none holds for that purpose. */
    Mono<Boolean> withdraw(Connection connection, UUID person, String purpose, Instant now) {
        return Rows.anyWritten(connection
                .createStatement(WITHDRAW)
                .bind(0, person)
                .bind(1, purpose)
                .bind(2, now.atOffset(ZoneOffset.UTC)));
    }

    /** Ends what holds for the purpose of a consent that takes its place, unless it is the same. */
    Mono<Boolean> withdrawOther(Connection connection, UUID person, Consent next) {
        return Rows.anyWritten(connection
                .createStatement(REPLACE)
                .bind(0, person)
                .bind(1, next.purpose())
                .bind(2, next.givenAt().atOffset(ZoneOffset.UTC))
                .bind(3, next.version()));
    }

    /** All there were, the newest first. */
    Mono<List<Consent>> list(Connection connection, UUID person, Page page) {
        return Rows.all(
                        connection
                                .createStatement(LIST)
                                .bind(0, person)
                                .bind(1, page.before())
                                .bind(2, page.rows()),
                        ConsentStore::consent)
                .collectList();
    }

    private static Consent consent(Row row) {
        return new Consent(
                Columns.required(row, "id", UUID.class),
                Columns.required(row, "purpose", String.class),
                Columns.required(row, "version", String.class),
                Columns.required(row, "given_at", Instant.class),
                row.get("withdrawn_at", Instant.class));
    }
}

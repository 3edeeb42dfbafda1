package dev.sluice.gateway.change;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.change}. Thread-safe. */
public final class Changes {

    /** Forgets changes after a week; nobody looks back so far. */
    public static final Retention.Rule RETENTION = new Retention.Rule("changes", "select identity.forget_changes($1)");

    private static final String RECORD =
            "insert into identity.change (id, organization_id, type, subject) values ($1, $2, $3, $4)";

    private static final String NEXT =
            "select id, organization_id, type, subject, at from identity.next_changes($1, $2, $3, $4)";

    /** Writes a change in the transaction that makes it, which is one of its organization. */
    public Mono<Void> record(Connection connection, Change change) {
        return Flux.from(connection
                        .createStatement(RECORD)
                        .bind(0, Ids.next())
                        .bind(1, change.organization().value())
                        .bind(2, change.type().id())
                        .bind(3, change.subject().toString())
                        .execute())
                .concatMap(Result::getRowsUpdated)
                .then();
    }

    /** Where a change stands among all, by its transaction's begin. */
    record Place(Instant at, UUID id) {}

    /**
     * A change as it is found.
     *
     * @param change empty for one that this version does not know
     */
    record Found(Place place, Optional<Change> change) {}

    /** Reads changes of all organizations, in the order of their places, so many at a time. */
    @FunctionalInterface
    interface Reading {

        /**
         * The next ones, or the first of those whose transactions began so long ago at most.
         *
         * @param after null for the first
         */
        Mono<List<Found>> next(Duration age, @Nullable Place after, int rows);
    }

    /** On connections of {@code sluice_api}. */
    Reading reading(ConnectionPool api) {
        return (age, after, rows) -> Rows.alone(
                api,
                connection -> Rows.all(statement(connection, age, after, rows), Changes::found)
                        .collectList());
    }

    private static Statement statement(Connection connection, Duration age, @Nullable Place after, int rows) {
        Statement statement =
                connection.createStatement(NEXT).bind(0, age.toMillis() / 1e3).bind(3, rows);
        Rows.bind(statement, 1, Instant.class, after == null ? null : after.at());
        Rows.bind(statement, 2, UUID.class, after == null ? null : after.id());
        return statement;
    }

    private static Found found(Row row) {
        OrganizationId organization = new OrganizationId(Columns.required(row, "organization_id", UUID.class));
        Optional<UUID> subject = Ids.parse(Columns.required(row, "subject", String.class));
        Optional<Change> change = ChangeType.of(Columns.required(row, "type", String.class))
                .flatMap(type -> subject.map(id -> new Change(organization, type, id)));
        Place place = new Place(Columns.required(row, "at", Instant.class), Columns.required(row, "id", UUID.class));
        return new Found(place, change);
    }
}

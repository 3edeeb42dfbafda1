package dev.sluice.gateway.change;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.change}. Thread-safe. */
public final class Changes {

    /** Forgets changes after a week; nobody looks back so far. */
    public static final Retention.Rule RETENTION = new Retention.Rule("changes", "select identity.forget_changes($1)");

    private static final String RECORD =
            "insert into identity.change (id, organization_id, type, subject) values ($1, $2, $3, $4)";

    private static final String RECENT = "select id, organization_id, type, subject from identity.recent_changes($1)";

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

    /**
     * A change as it is found.
     *
     * @param change empty for one that this version does not know
     */
    record Found(UUID id, Optional<Change> change) {}

    /** The changes of all organizations whose transactions began so long ago at most. */
    Mono<List<Found>> recent(ConnectionPool api, Duration age) {
        return Mono.usingWhen(
                        api.create(),
                        connection -> Flux.from(connection
                                        .createStatement(RECENT)
                                        .bind(0, age.toMillis() / 1e3)
                                        .execute())
                                .concatMap(result -> result.map((row, metadata) -> found(row)))
                                .collectList(),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static Found found(Row row) {
        OrganizationId organization = new OrganizationId(Columns.required(row, "organization_id", UUID.class));
        Optional<UUID> subject = Ids.parse(Columns.required(row, "subject", String.class));
        Optional<Change> change = ChangeType.of(Columns.required(row, "type", String.class))
                .flatMap(type -> subject.map(id -> new Change(organization, type, id)));
        return new Found(Columns.required(row, "id", UUID.class), change);
    }
}

package dev.sluice.executor.event;

import dev.sluice.shared.event.CloudEvent;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** SQL that reads events, from outside and emitted alike. Across organizations: callers name theirs. Thread-safe. */
public final class EventStore {

    private static final String BY_ID = """
            select id, organization_id, source, type, subject, time, data, envelope, depth
            from (
                select *, row_number() over (order by id) as position,
                    sum(octet_length(coalesce(data, envelope))) over (order by id) as bytes
                from (
                    select id, organization_id, source, type, subject, time, data, null::bytea as envelope, 0 as depth
                    from ingress.event where id = any($1)
                    union all
                    select id, organization_id, source, type, null, null, null, envelope, depth + 1
                    from workflow.event where id = any($1)
                ) both_kinds
            ) e
            where bytes <= $2 or position = 1
            order by id
            """;

    private static final String SINCE = """
            select id, organization_id, source, type, subject, time, data, envelope, depth
            from (
                select *, row_number() over (order by id) as position,
                    sum(octet_length(coalesce(data, envelope))) over (order by id) as bytes
                from (
                    (select id, organization_id, source, type, subject, time, data, null::bytea as envelope, 0 as depth
                    from ingress.event
                    where organization_id = $1 and id > $2 and ($3::text[] is null or type = any($3))
                    order by id limit $4)
                    union all
                    (select id, organization_id, source, type, null, null, null, envelope, depth + 1
                    from workflow.event
                    where organization_id = $1 and id > $2 and ($3::text[] is null or type = any($3))
                    order by id limit $4)
                ) both_kinds
                order by id limit $4
            ) e
            where bytes <= $5 or position = 1
            order by id
            """;

    private final ConnectionPool pool;

    /** Events of the given database. */
    public EventStore(ConnectionPool pool) {
        this.pool = pool;
    }

    /** The first of some events in the order of their ids, as many as have so many bytes together, but at least one. */
    public Flux<ArrivedEvent> byId(Collection<UUID> ids, long maxBytes) {
        return query(connection -> connection
                .createStatement(BY_ID)
                .bind(0, ids.toArray(UUID[]::new))
                .bind(1, maxBytes));
    }

    /**
     * The events of an organization after an id, in their order: as many as have so many bytes together, but at least one
     * if there is any.
     *
     * @param types null for all
     */
    public Flux<ArrivedEvent> since(
            OrganizationId organization, UUID after, @Nullable Collection<String> types, int limit, long maxBytes) {
        return query(connection -> {
            Statement statement = connection
                    .createStatement(SINCE)
                    .bind(0, organization.value())
                    .bind(1, after)
                    .bind(3, limit)
                    .bind(4, maxBytes);
            return types == null
                    ? statement.bindNull(2, String[].class)
                    : statement.bind(2, types.toArray(String[]::new));
        });
    }

    private Flux<ArrivedEvent> query(Function<Connection, Statement> statement) {
        return Flux.usingWhen(
                        pool.create(),
                        connection -> Flux.from(statement.apply(connection).execute())
                                .concatMap(result -> result.map(Stored::of)),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate)
                .map(Stored::arrived);
    }

    /** An event as it is stored. What cannot be read of it is its own fault, and none of the database's. */
    @SuppressWarnings("ArrayRecordComponent") // rows are never compared
    private record Stored(
            OrganizationId organization,
            UUID id,
            String type,
            String source,
            int depth,
            @Nullable String subject,
            @Nullable Instant time,
            byte @Nullable [] data,
            byte @Nullable [] envelope) {

        static Stored of(Readable row) {
            return new Stored(
                    new OrganizationId(required(row, "organization_id", UUID.class)),
                    required(row, "id", UUID.class),
                    required(row, "type", String.class),
                    required(row, "source", String.class),
                    required(row, "depth", Integer.class),
                    row.get("subject", String.class),
                    row.get("time", Instant.class),
                    row.get("data", byte[].class),
                    row.get("envelope", byte[].class));
        }

        ArrivedEvent arrived() {
            JsonNode form = envelope == null ? fromOutside() : Json.trusted(envelope);
            return new ArrivedEvent(organization, id, type, source, depth, form);
        }

        private JsonNode fromOutside() {
            JsonNode content = Json.trusted(Objects.requireNonNull(data));
            return new CloudEvent(id, source, type, subject, Objects.requireNonNull(time), content).envelope();
        }

        private static <T> T required(Readable row, String column, Class<T> type) {
            return Objects.requireNonNull(row.get(column, type), column);
        }
    }
}

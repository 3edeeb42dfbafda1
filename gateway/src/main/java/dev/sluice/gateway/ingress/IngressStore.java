package dev.sluice.gateway.ingress;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.Page;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The SQL of endpoints, and of events for reading. */
final class IngressStore {

    private static final String FIND_ENDPOINT =
            "select id, organization_id, source, sealed_secret from ingress.find_endpoint($1)";

    private static final String CREATE_PARTITIONS = "select ingress.create_event_partitions($1) as created";

    /** The age is the function's: whoever calls it can delete nothing younger. */
    static final String FORGET_EVENTS = "select ingress.forget_events($2 * interval '1 second', $1)";

    static final Retention.Rule RETENTION = new Retention.Rule("delivery keys", "select ingress.forget_deliveries($1)");

    /** Drops one month of events, unless some of them have no receipt. */
    static final String DROP_PARTITION = "select ingress.drop_event_partition($1 * interval '1 second')";

    static final String FORGET_UNPARTITIONED =
            "select ingress.forget_unpartitioned_events($2 * interval '1 second', $1)";

    private static final String INSERT_ENDPOINT = """
            insert into ingress.endpoint (id, organization_id, name, source, token_hash, sealed_secret, created_at)
            values ($1, $2, $3, $4, $5, $6, $7)""";

    private static final String LIST_ENDPOINTS = """
            select id, organization_id, name, source, created_at from ingress.endpoint
             where organization_id = $1 and id < $2 order by id desc limit $3""";

    /** Without the data: a page of it could be as long as all its bodies. */
    private static final String LIST_EVENTS = """
            select id, endpoint_id, source, type, subject, time, ''::bytea as data from ingress.event
             where organization_id = $1 and id < $2 order by id desc limit $3""";

    private static final String FIND_EVENT = """
            select id, endpoint_id, source, type, subject, time, data from ingress.event
             where organization_id = $1 and id = $2""";

    /** An endpoint by its token, with its secret as it is stored; comes before the organization is known. */
    record SealedDoor(UUID endpoint, OrganizationId organization, EndpointSource source, ByteBuffer secret) {}

    Mono<Optional<SealedDoor>> findDoor(ConnectionPool api, SecretHash token) {
        return Mono.usingWhen(
                        api.create(),
                        connection -> one(
                                connection.createStatement(FIND_ENDPOINT).bind("$1", token.bytes()),
                                IngressStore::door),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    /** How many partitions of the event table are new. */
    Mono<Integer> createPartitions(ConnectionPool api, int monthsAhead) {
        return Mono.usingWhen(
                        api.create(),
                        connection -> all(
                                connection.createStatement(CREATE_PARTITIONS).bind("$1", monthsAhead),
                                row -> Columns.required(row, "created", Integer.class)),
                        Connection::close)
                .map(List::getFirst)
                .onErrorMap(PostgresErrors::translate);
    }

    Mono<Void> insertEndpoint(Connection connection, Endpoint endpoint, SecretHash token, byte[] sealedSecret) {
        Statement statement = connection
                .createStatement(INSERT_ENDPOINT)
                .bind("$1", endpoint.id())
                .bind("$2", endpoint.organization().value())
                .bind("$3", endpoint.name())
                .bind("$4", endpoint.source().id())
                .bind("$5", token.bytes())
                .bind("$6", ByteBuffer.wrap(sealedSecret))
                .bind("$7", endpoint.createdAt());
        return Flux.from(statement.execute()).concatMap(Result::getRowsUpdated).then();
    }

    Mono<List<Endpoint>> listEndpoints(Connection connection, OrganizationId organization, Page page) {
        return all(paged(connection, LIST_ENDPOINTS, organization, page), IngressStore::endpoint);
    }

    Mono<List<ReceivedEvent>> listEvents(Connection connection, OrganizationId organization, Page page) {
        return all(paged(connection, LIST_EVENTS, organization, page), IngressStore::event);
    }

    Mono<Optional<ReceivedEvent>> findEvent(Connection connection, OrganizationId organization, UUID id) {
        Statement statement = connection
                .createStatement(FIND_EVENT)
                .bind("$1", organization.value())
                .bind("$2", id);
        return one(statement, IngressStore::event);
    }

    private static Statement paged(Connection connection, String sql, OrganizationId organization, Page page) {
        return connection
                .createStatement(sql)
                .bind("$1", organization.value())
                .bind("$2", page.before())
                .bind("$3", page.rows());
    }

    private static <T> Mono<List<T>> all(Statement statement, Function<Row, T> form) {
        return Flux.from(statement.execute())
                .concatMap(result -> result.map((row, metadata) -> form.apply(row)))
                .collectList();
    }

    private static <T> Mono<Optional<T>> one(Statement statement, Function<Row, T> form) {
        return all(statement, form).map(rows -> rows.stream().findFirst());
    }

    private static SealedDoor door(Row row) {
        return new SealedDoor(
                Columns.required(row, "id", UUID.class),
                new OrganizationId(Columns.required(row, "organization_id", UUID.class)),
                EndpointSource.of(Columns.required(row, "source", String.class)),
                Columns.required(row, "sealed_secret", ByteBuffer.class));
    }

    private static Endpoint endpoint(Row row) {
        return new Endpoint(
                Columns.required(row, "id", UUID.class),
                new OrganizationId(Columns.required(row, "organization_id", UUID.class)),
                Columns.required(row, "name", String.class),
                EndpointSource.of(Columns.required(row, "source", String.class)),
                Columns.required(row, "created_at", Instant.class));
    }

    private static ReceivedEvent event(Row row) {
        return new ReceivedEvent(
                Columns.required(row, "id", UUID.class),
                Columns.required(row, "endpoint_id", UUID.class),
                Columns.required(row, "source", String.class),
                Columns.required(row, "type", String.class),
                row.get("subject", String.class),
                Columns.required(row, "time", Instant.class),
                Columns.required(row, "data", ByteBuffer.class));
    }
}

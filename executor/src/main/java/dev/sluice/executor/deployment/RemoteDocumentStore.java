package dev.sluice.executor.deployment;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL of {@code workflow.remote_document}. */
final class RemoteDocumentStore {

    private static final String INSERT = """
            insert into workflow.remote_document (definition_id, uri, organization_id, digest, content)
            values ($1, $2, $3, $4, $5)
            """;

    private static final String OF = "select uri, content from workflow.remote_document where definition_id = $1";

    private RemoteDocumentStore() {}

    /** Stores what a version was compiled with, in the transaction of the version. */
    static Mono<Void> insert(
            Connection connection, OrganizationId organization, UUID definition, Map<URI, byte[]> documents) {
        return Flux.fromIterable(documents.entrySet())
                .concatMap(document -> Flux.from(connection
                                .createStatement(INSERT)
                                .bind(0, definition)
                                .bind(1, document.getKey().toString())
                                .bind(2, organization.value())
                                .bind(3, ByteBuffer.wrap(Ids.sha256().digest(document.getValue())))
                                .bind(4, ByteBuffer.wrap(document.getValue()))
                                .execute())
                        .concatMap(result -> result.getRowsUpdated()))
                .then();
    }

    /** What a version was compiled with. */
    static Mono<Map<URI, byte[]>> of(ConnectionPool engine, UUID definition) {
        return Mono.usingWhen(
                        engine.create(),
                        connection -> Flux.from(connection
                                        .createStatement(OF)
                                        .bind(0, definition)
                                        .execute())
                                .concatMap(result -> result.map(row -> Map.entry(
                                        URI.create(Objects.requireNonNull(row.get("uri", String.class))),
                                        Objects.requireNonNull(row.get("content", byte[].class)))))
                                .collectMap(Map.Entry::getKey, Map.Entry::getValue),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }
}

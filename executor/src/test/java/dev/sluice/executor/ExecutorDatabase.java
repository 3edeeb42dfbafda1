package dev.sluice.executor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Migrations;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.testing.TestPostgres;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A new database with the tables of both services, and rows as they would have left them there. */
public final class ExecutorDatabase implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PostgresSettings settings = TestPostgres.freshDatabase();
    private final Postgres postgres;

    /** Creates and migrates it. */
    public ExecutorDatabase() {
        migrate("filesystem:../gateway/src/main/resources/db/migration/gateway", "identity", "identity", "ingress");
        migrate("db/migration/executor", "workflow", "workflow");
        this.postgres = new Postgres(settings);
    }

    /** How a service reaches it. */
    public PostgresSettings settings() {
        return settings;
    }

    /** The pool of the executor's engine. */
    public ConnectionPool engine() {
        return postgres.pool(DatabaseRole.ENGINE);
    }

    /** A connection that may do anything. */
    public Connection connect() {
        return Objects.requireNonNull(
                postgres.pool(DatabaseRole.MIGRATE).create().block(PATIENCE));
    }

    /** Runs one statement. */
    public void sql(String statement) {
        Mono.usingWhen(
                        postgres.pool(DatabaseRole.MIGRATE).create(),
                        connection -> execute(connection, statement),
                        Connection::close)
                .block(PATIENCE);
    }

    /** Runs one statement on a connection of the caller's. */
    public static Mono<Void> execute(Connection connection, String statement) {
        return Flux.from(connection.createStatement(statement).execute())
                .concatMap(result -> result.getRowsUpdated())
                .then();
    }

    /** The one value a query gives, as text. */
    public String value(String query) {
        return Objects.requireNonNull(Mono.usingWhen(
                        postgres.pool(DatabaseRole.MIGRATE).create(),
                        connection -> Flux.from(connection
                                        .createStatement("select (" + query + ")::text")
                                        .execute())
                                .concatMap(
                                        result -> result.map(row -> Objects.requireNonNull(row.get(0, String.class))))
                                .single(),
                        Connection::close)
                .block(PATIENCE));
    }

    /** An event as a gateway takes it in. */
    public UUID event(OrganizationId organization, String type, String data) {
        UUID id = Ids.next();
        sql(
                "insert into ingress.event (id, organization_id, endpoint_id, source, type, time, content_type, data) values"
                        + " ('" + id + "', '" + organization + "', '" + id + "', 'urn:test', '" + type
                        + "', now(), 'application/json', '\\x" + HexFormat.of().formatHex(data.getBytes(UTF_8)) + "')");
        return id;
    }

    /** A run that nobody owns and that is not due. */
    public UUID run(OrganizationId organization) {
        UUID definition = Ids.next();
        UUID run = Ids.next();
        sql("insert into workflow.definition (id, organization_id, namespace, name, version, document, digest)"
                + " values ('" + definition + "', '" + organization + "', 'n', 'n', '1.0.0-" + definition
                + "', '{}', 'd')");
        sql("insert into workflow.run (id, organization_id, definition_id, status, input, created_at)" + " values ('"
                + run + "', '" + organization + "', '" + definition + "', 'waiting', '{}', now())");
        return run;
    }

    @Override
    public void close() {
        postgres.close();
    }

    private void migrate(String location, String history, String... schemas) {
        Migrations.run(settings, location, history, List.of(schemas)).block(PATIENCE);
    }
}

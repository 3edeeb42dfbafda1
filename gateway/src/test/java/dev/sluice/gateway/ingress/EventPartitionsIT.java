package dev.sluice.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Migrations;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@Timeout(60)
final class EventPartitionsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int MONTHS_AHEAD = 3;

    private static final String COUNT = """
            select count(*)::int from pg_catalog.pg_inherits where inhparent = 'ingress.event'::regclass""";

    private static final String INSERT = """
            insert into ingress.event (id, organization_id, endpoint_id, source, type, time, content_type, data)
            values (uuidv7(), uuidv7(), uuidv7(), 's', 't', now(), 'application/json', '')""";

    private Postgres postgres;

    @BeforeEach
    void migrate() {
        PostgresSettings database = TestPostgres.freshDatabase();
        Migrations.run(database, "db/migration/gateway", "identity", List.of("identity", "ingress"))
                .block(DEADLINE);
        postgres = new Postgres(database);
    }

    @AfterEach
    void closePools() {
        postgres.close();
    }

    @Test
    void givesUpSoonWhileTheTableIsBusySoThatInsertsGoOnAndTriesAgain() {
        Connection busy = Objects.requireNonNull(
                postgres.pool(DatabaseRole.INGEST).create().block(DEADLINE));
        try (var partitions =
                new EventPartitions(postgres.pool(DatabaseRole.API), MONTHS_AHEAD, Duration.ofMillis(700))) {
            Mono.from(busy.beginTransaction()).block(DEADLINE);
            assertThat(execute(busy, INSERT).block(DEADLINE)).isEqualTo(1);

            assertThat(partitions.create().block(DEADLINE))
                    .as("the open transaction holds a lock")
                    .isZero();
            for (int i = 0; i < 5; i++) {
                // At least some of these wait behind an attempt of the upkeep, and then go on.
                assertThat(insert().block(Duration.ofSeconds(5))).isEqualTo(1);
            }
            assertThat(count()).as("the default partition alone").isEqualTo(1);

            Mono.from(busy.rollbackTransaction()).block(DEADLINE);
            // The rows of this month are in the default partition and stay there.
            awaitCount(1 + MONTHS_AHEAD);
        } finally {
            Mono.from(busy.close()).block(DEADLINE);
        }
    }

    private Mono<Long> insert() {
        return Mono.usingWhen(
                postgres.pool(DatabaseRole.INGEST).create(),
                connection -> execute(connection, INSERT),
                Connection::close);
    }

    private static Mono<Long> execute(Connection connection, String sql) {
        return Flux.from(connection.createStatement(sql).execute())
                .concatMap(result -> result.getRowsUpdated())
                .next();
    }

    private int count() {
        return Objects.requireNonNull(Flux.usingWhen(
                        postgres.pool(DatabaseRole.MIGRATE).create(),
                        connection -> Flux.from(
                                        connection.createStatement(COUNT).execute())
                                .concatMap(
                                        result -> result.map(row -> Objects.requireNonNull(row.get(0, Integer.class)))),
                        Connection::close)
                .blockFirst(DEADLINE));
    }

    private void awaitCount(int expected) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        int seen = count();
        while (seen != expected && System.nanoTime() < end) {
            seen = count();
        }
        assertThat(seen).isEqualTo(expected);
    }
}

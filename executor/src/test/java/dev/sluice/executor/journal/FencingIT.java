package dev.sluice.executor.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.GroupCommitSettings;
import dev.sluice.shared.postgres.Migrations;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.testing.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
class FencingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final OrganizationId organization = new OrganizationId(UUID.randomUUID());
    private final UUID node = Ids.next();
    private final UUID run = Ids.next();
    private Postgres postgres;
    private Journals journals;

    @BeforeEach
    void ownARun() {
        PostgresSettings database = TestPostgres.freshDatabase();
        Migrations.run(database, "db/migration/executor", "workflow", List.of("workflow"))
                .block(PATIENCE);
        postgres = new Postgres(database);
        journals = new Journals(
                postgres.pool(DatabaseRole.ENGINE),
                GroupCommitSettings.of(2, 100, 16),
                new SimpleMeterRegistry(),
                Clock.systemUTC());
        UUID definition = Ids.next();
        sql("insert into workflow.definition (id, organization_id, namespace, name, version, document, digest)"
                + " values ('" + definition + "', '" + organization + "', 'n', 'n', '1.0.0', '{}', 'd')");
        sql("insert into workflow.node (id, name, lease_until) values ('" + node + "', 'n', now() + interval '1 h')");
        sql("insert into workflow.run (id, organization_id, definition_id, status, input, node, epoch, created_at)"
                + " values ('" + run + "', '" + organization + "', '" + definition + "', 'running', '{}', '" + node
                + "', 3, now())");
    }

    @AfterEach
    void close() {
        journals.close();
        postgres.close();
    }

    @Test
    void writesForTheOwner() {
        append(3).as(StepVerifier::create).verifyComplete();

        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void refusesAnOlderEpoch() {
        append(2).as(StepVerifier::create).expectError(FencedException.class).verify(PATIENCE);

        assertThat(stored()).isZero();
    }

    @Test
    void refusesANodeThatWasDeclaredDead() {
        sql("update workflow.node set dead = true where id = '" + node + "'");

        append(3).as(StepVerifier::create).expectError(FencedException.class).verify(PATIENCE);
        assertThat(stored()).isZero();
    }

    @Test
    void refusesARunThatHasEnded() {
        sql("delete from workflow.run where id = '" + run + "'");

        append(3).as(StepVerifier::create).expectError(FencedException.class).verify(PATIENCE);
    }

    @Test
    void letsABurialWaitForTheWriteUnderWayAndNothingSlipInAfterIt() {
        Connection burial = Objects.requireNonNull(
                postgres.pool(DatabaseRole.MIGRATE).create().block(PATIENCE));
        Mono.from(burial.beginTransaction()).block(PATIENCE);
        execute(burial, "update workflow.node set dead = true where id = '" + node + "'")
                .block(PATIENCE);

        // The late write meets the uncommitted burial, waits for it, and finds the node dead.
        Mono<Void> late = append(3).cache();
        StepVerifier.create(late.mergeWith(Mono.from(burial.commitTransaction())
                        .delaySubscription(Duration.ofMillis(300), Schedulers.parallel())))
                .expectError(FencedException.class)
                .verify(PATIENCE);
        assertThat(stored()).isZero();
        Mono.from(burial.close()).block(PATIENCE);
    }

    private Mono<Void> append(int epoch) {
        return journals.open(run, organization, node, epoch, true, () -> true)
                .flatMap(journal -> journal.append(EntryKind.COMPLETED, "0", "call", 1, Json.object()))
                .then();
    }

    private long stored() {
        return Objects.requireNonNull(journals.read(run, 0).count().block(PATIENCE));
    }

    private void sql(String statement) {
        Mono.usingWhen(
                        postgres.pool(DatabaseRole.MIGRATE).create(),
                        connection -> execute(connection, statement),
                        Connection::close)
                .block(PATIENCE);
    }

    private static Mono<Void> execute(Connection connection, String statement) {
        return Flux.from(connection.createStatement(statement).execute())
                .concatMap(result -> result.getRowsUpdated())
                .then();
    }
}

package dev.sluice.executor.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.GroupCommitSettings;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
class FencingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final OrganizationId organization = new OrganizationId(UUID.randomUUID());
    private final UUID node = Ids.next();
    private ExecutorDatabase database;
    private UUID run;
    private Journals journals;

    @BeforeEach
    void ownARun() {
        database = new ExecutorDatabase();
        journals = new Journals(
                database.engine(), GroupCommitSettings.of(2, 100, 16), new SimpleMeterRegistry(), Clock.systemUTC());
        run = database.run(organization);
        database.sql("insert into workflow.node (id, name, lease_until) values ('" + node
                + "', 'n', now() + interval '1 h')");
        database.sql("update workflow.run set node = '" + node + "', epoch = 3, status = 'running'");
    }

    @AfterEach
    void close() {
        journals.close();
        database.close();
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
        database.sql("update workflow.node set dead = true where id = '" + node + "'");

        append(3).as(StepVerifier::create).expectError(FencedException.class).verify(PATIENCE);
        assertThat(stored()).isZero();
    }

    @Test
    void refusesARunThatHasEnded() {
        database.sql("delete from workflow.run where id = '" + run + "'");

        append(3).as(StepVerifier::create).expectError(FencedException.class).verify(PATIENCE);
    }

    @Test
    void letsABurialWaitForTheWriteUnderWayAndNothingSlipInAfterIt() {
        Connection burial = database.connect();
        Mono.from(burial.beginTransaction()).block(PATIENCE);
        ExecutorDatabase.execute(
                        burial,
                        "update workflow.node set dead = true where id in"
                                + " (select id from workflow.node where id = '" + node + "' for update)")
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
        return journals.open(run, organization, node, epoch, JournalFormat.CURRENT, true, 0, () -> true)
                .flatMap(journal -> journal.append(EntryKind.COMPLETED, "0", "call", 1, Json.object()))
                .then();
    }

    private long stored() {
        return Objects.requireNonNull(journals.read(run, 0).count().block(PATIENCE));
    }
}

package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.journal.Closing;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.GroupCommitSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
class LargeInputIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ClaimingNode node = new ClaimingNode();
    private final ExecutorDatabase database = node.database;

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void takesRunsAsFarAsTheirInputsFitInMemory() {
        for (int i = 0; i < 3; i++) {
            due(15_000_000);
        }

        assertThat(node.claim()).hasSize(2);
        List<ClaimedRun> last = node.claim();
        assertThat(last).hasSize(1);
        assertThat(last.getFirst().input().asString()).hasSize(15_000_000);
        assertThat(node.claim()).isEmpty();
    }

    @Test
    void takesARunThatIsTooLargeAlone() {
        due(40_000_000);
        due(10);

        assertThat(node.claim()).hasSize(1);
        assertThat(node.claim()).hasSize(1);
    }

    @Test
    void leavesALargeInputWhereItIsWhenTheRunEnds() {
        UUID small = due(65_534);
        UUID large = due(65_535);
        assertThat(apart()).isEqualTo(large.toString());
        List<ClaimedRun> runs = node.claim();
        assertThat(runs).extracting(run -> run.input().asString().length()).containsExactly(65_534, 65_535);

        try (RunEndings endings = new RunEndings(
                database.engine(),
                GroupCommitSettings.of(1, 100, 10),
                () -> {},
                (organization, event) -> {},
                new SimpleMeterRegistry())) {
            for (ClaimedRun run : runs) {
                RunEnd end = new RunEnd(
                        RunStatus.COMPLETED,
                        Json.object(),
                        null,
                        null,
                        1,
                        Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS));
                endings.end(run, end, null, Closing.NONE, () -> true).block(PATIENCE);
            }
        }

        assertThat(database.value("select id from workflow.run_history where input is null"))
                .isEqualTo(large.toString());
        assertThat(database.value("select octet_length(input) from workflow.run_history where id = '" + small + "'"))
                .isEqualTo("65536");
        assertThat(apart()).isEqualTo(large.toString());
    }

    @Test
    void createsARunWithALargeInputOnceHoweverOftenItIsTried() {
        UUID run = due(100_000);

        database.sql("insert into workflow.run (id, organization_id, definition_id, status, input, created_at)"
                + " select id, organization_id, definition_id, status, convert_to(repeat('x', 100000), 'UTF8'), now()"
                + " from workflow.run where id = '" + run + "' on conflict (id) do nothing");

        assertThat(node.claim().getFirst().input().asString()).hasSize(100_000);
    }

    private String apart() {
        return database.value("select run_id from workflow.large_input");
    }

    /** A run whose input is a string of so many characters. */
    @CanIgnoreReturnValue
    private UUID due(int length) {
        UUID run = database.run(node.organization);
        database.sql(
                "with old as (delete from workflow.run where id = '" + run + "' returning *)" + " select 1 from old");
        database.sql("insert into workflow.run (id, organization_id, definition_id, status, input, created_at, wake_at)"
                + " select '" + run + "', organization_id, id, 'waiting', convert_to('\"' || repeat('x', " + length
                + ") || '\"', 'UTF8'), now(), now() from workflow.definition where version = (select max(version) from"
                + " workflow.definition)");
        return run;
    }
}

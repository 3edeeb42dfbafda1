package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.executor.journal.Journals;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.GroupCommitSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The last entry of a run is there when its end is, and otherwise not. */
@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
class ClosingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final GroupCommitSettings COMMITS = GroupCommitSettings.of(1, 100, 10);

    private final ClaimingNode node = new ClaimingNode();
    private final ExecutorDatabase database = node.database;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Journals journals = new Journals(database.engine(), COMMITS, meters, Clock.systemUTC());
    private final RunEndings endings = new RunEndings(database.engine(), COMMITS, () -> {}, meters);

    @AfterEach
    void close() {
        endings.close();
        journals.close();
        node.close();
    }

    @Test
    void commitsTheLastEntryWithTheEnd() {
        ClaimedRun run = due();
        RunJournal journal = open(run);
        append(journal, "0");
        last(journal, "1");
        assertThat(paths()).isEqualTo("0");

        end(run, journal).as(StepVerifier::create).verifyComplete();

        assertThat(paths()).isEqualTo("0,1");
        assertThat(database.value("select convert_from(payload, 'UTF8') from workflow.journal where seq = 2"))
                .isEqualTo("{\"done\":\"1\"}");
        assertThat(database.value("select end_seq from workflow.run_history")).isEqualTo("3");
    }

    @Test
    void writesNeitherWhenTheRunIsAnothersByThen() {
        ClaimedRun run = due();
        RunJournal journal = open(run);
        last(journal, "0");
        database.sql("update workflow.run set epoch = epoch + 1");

        end(run, journal)
                .as(StepVerifier::create)
                .expectError(FencedException.class)
                .verify(PATIENCE);

        assertThat(database.value("select count(*) from workflow.journal")).isEqualTo("0");
        assertThat(database.value("select count(*) from workflow.run_history")).isEqualTo("0");
    }

    @Test
    void endsManyRunsAtOnceEachWithItsOwn() {
        List<ClaimedRun> runs = List.of(due(), due(), due());

        List<RunJournal> open = runs.stream().map(this::open).toList();
        last(open.get(1), runs.get(1).id().toString());
        last(open.get(2), runs.get(2).id().toString());

        Flux.range(0, 3)
                .flatMap(i -> end(runs.get(i), open.get(i)), 3)
                .as(StepVerifier::create)
                .verifyComplete();

        assertThat(database.value("select count(*) from workflow.run_history")).isEqualTo("3");
        assertThat(database.value("select count(*) from workflow.journal where path = run_id::text"))
                .isEqualTo("2");
    }

    private Mono<Void> end(ClaimedRun run, RunJournal journal) {
        return Mono.defer(() -> {
            RunEnd end =
                    new RunEnd(RunStatus.COMPLETED, Json.object(), null, null, journal.lastSeq() + 1, Instant.EPOCH);
            return endings.end(run, end, journal.closing(), () -> true);
        });
    }

    private RunJournal open(ClaimedRun run) {
        return Objects.requireNonNull(
                journals.open(run.id(), node.organization, node.id, run.epoch(), run.format(), false, 0, () -> true)
                        .block(PATIENCE));
    }

    private static void append(RunJournal journal, String path) {
        journal.append(EntryKind.COMPLETED, path, "set", 1, Json.object())
                .as(StepVerifier::create)
                .expectNextCount(1)
                .verifyComplete();
    }

    private static void last(RunJournal journal, String path) {
        journal.appendLast(EntryKind.COMPLETED, path, "set", 1, Json.object().put("done", path))
                .as(StepVerifier::create)
                .expectNextCount(1)
                .verifyComplete();
    }

    private String paths() {
        return Objects.requireNonNull(
                database.value("select string_agg(path, ',' order by seq) from workflow.journal"));
    }

    private ClaimedRun due() {
        UUID run = node.due(JournalFormat.TASKS);
        ClaimedRun claimed = node.claim().getFirst();
        assertThat(claimed.id()).isEqualTo(run);
        return claimed;
    }
}

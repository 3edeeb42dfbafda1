package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.journal.Closing;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.executor.journal.Journals;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.GroupCommitSettings;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.TenantTransactions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Nodes of different versions on one database: none takes a run whose journal it would not understand. */
@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
class RunFormatIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final GroupCommitSettings COMMITS = GroupCommitSettings.of(1, 100, 10);

    private final ClaimingNode node = new ClaimingNode();
    private final ExecutorDatabase database = node.database;
    private final Postgres postgres = new Postgres(database.settings());
    private final Journals journals =
            new Journals(database.engine(), COMMITS, new SimpleMeterRegistry(), Clock.systemUTC());

    @AfterEach
    void close() {
        journals.close();
        postgres.close();
        node.close();
    }

    @Test
    void leavesARunAloneWhoseJournalIsNewer() {
        UUID newer = node.due(JournalFormat.EVENTS);
        UUID older = node.due(JournalFormat.TASKS);

        assertThat(node.claim(JournalFormat.BRANCHES, JournalFormat.BRANCHES))
                .extracting(ClaimedRun::id)
                .containsExactly(older);
        assertThat(node.claim(JournalFormat.EVENTS, JournalFormat.EVENTS))
                .extracting(ClaimedRun::id)
                .containsExactly(newer);
    }

    @Test
    void aRunHasTheFormatItsOwnersMayHaveWritten() {
        UUID run = node.due(JournalFormat.TASKS);

        assertThat(node.claim(JournalFormat.EVENTS, JournalFormat.BRANCHES))
                .extracting(ClaimedRun::format)
                .containsExactly(JournalFormat.BRANCHES);
        database.sql("update workflow.run set node = null, wake_at = now() where id = '" + run + "'");

        assertThat(node.claim(JournalFormat.EVENTS, JournalFormat.TASKS))
                .extracting(ClaimedRun::format)
                .as("never less again")
                .containsExactly(JournalFormat.BRANCHES);
    }

    @Test
    void keepsTheFormatInHistoryAndBeyond() {
        node.due(JournalFormat.TASKS);
        ClaimedRun run =
                node.claim(JournalFormat.EVENTS, JournalFormat.BRANCHES).getFirst();
        RunEnd end = new RunEnd(RunStatus.FAULTED, null, Json.object(), null, 1, Instant.EPOCH);
        try (RunEndings endings = new RunEndings(
                database.engine(), COMMITS, () -> {}, (organization, event) -> {}, new SimpleMeterRegistry())) {
            endings.end(run, end, null, Closing.NONE, () -> true).block(PATIENCE);
        }
        assertThat(database.value("select journal_format from workflow.run_history"))
                .isEqualTo("2");

        ControlStore control = new ControlStore(new TenantTransactions(postgres.pool(DatabaseRole.API)));
        assertThat(control.retry(node.organization, run.id()).block(PATIENCE)).isTrue();

        assertThat(database.value("select journal_format from workflow.run")).isEqualTo("2");
    }

    @Test
    void refusesAnEntryThatTheRunsFormatDoesNotHave() {
        node.due(JournalFormat.TASKS);
        ClaimedRun run =
                node.claim(JournalFormat.EVENTS, JournalFormat.BRANCHES).getFirst();
        RunJournal journal = Objects.requireNonNull(new Interludes(
                        journals,
                        node.claims,
                        new RunHub(),
                        new Telling(
                                new ToldStore(database.engine()),
                                new Hearers(database.engine(), Schedulers.immediate()),
                                (owner, event) -> {},
                                Clock.systemUTC(),
                                8))
                .open(run, () -> true)
                .block(PATIENCE));

        append(journal, EntryKind.DECIDED, "0/w").as(StepVerifier::create).verifyComplete();
        append(journal, EntryKind.EMITTED, "1")
                .as(StepVerifier::create)
                .expectErrorMessage("entry EMITTED in a journal of format 2 (expected: >= 3)")
                .verify(PATIENCE);
        assertThat(database.value("select count(*) from workflow.journal")).isEqualTo("1");
    }

    private static Mono<Void> append(RunJournal journal, EntryKind kind, String path) {
        return journal.append(kind, path, "fork", 1, Json.object()).then();
    }
}

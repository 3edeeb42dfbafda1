package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.journal.Closing;
import dev.sluice.executor.journal.Emission;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.executor.journal.Journals;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.GroupCommitSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** The last entry of a run is there when its end is, and otherwise not. */
@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
class ClosingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final GroupCommitSettings COMMITS = GroupCommitSettings.of(1, 100, 10);

    private final List<UUID> published = new CopyOnWriteArrayList<>();
    private final ClaimingNode node = new ClaimingNode();
    private final ExecutorDatabase database = node.database;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Journals journals = new Journals(database.engine(), COMMITS, meters, Clock.systemUTC());
    private final RunEndings endings =
            new RunEndings(database.engine(), COMMITS, () -> {}, (organization, event) -> published.add(event), meters);

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

    /** The event that tells of the end is there when the end is, and otherwise not; and only if somebody listens. */
    @Test
    void tellsOfTheEndInTheStatementThatEndsTheRun() {
        ClaimedRun heard = due();
        listenFor("io.serverlessworkflow.workflow.completed.v1");
        ClaimedRun lost = due();
        Emission told = told(heard.id());
        Emission never = told(lost.id());
        database.sql("update workflow.run set epoch = epoch + 1 where id = '" + lost.id() + "'");
        RunEnd end = new RunEnd(RunStatus.COMPLETED, Json.object().put("n", 7), null, null, 1, Instant.EPOCH);
        RunEnd fault = new RunEnd(RunStatus.FAULTED, null, Json.object(), null, 1, Instant.EPOCH);
        ClaimedRun faulted = due();

        Flux.merge(
                        endings.end(heard, end, told, Closing.NONE, () -> true),
                        endings.end(faulted, fault, told(faulted.id()), Closing.NONE, () -> true),
                        endings.end(lost, end, never, Closing.NONE, () -> true).onErrorComplete(FencedException.class))
                .as(StepVerifier::create)
                .verifyComplete();

        assertThat(database.value("select string_agg(id::text, ',') from workflow.event"))
                .isEqualTo(told.id().toString());
        assertThat(database.value("select depth || ' ' || type || ' ' || source from workflow.event"))
                .isEqualTo("3 io.serverlessworkflow.workflow.completed.v1 urn:sluice:run:%s", heard.id());
        assertThat(database.value("select convert_from(envelope, 'UTF8') from workflow.event"))
                .as("with the output, which is stored once")
                .isEqualTo("{\"data\":{\"name\":\"x\",\"output\":{\"n\":7}}}");
        assertThat(published).containsExactly(told.id());
        // A second try of the same end changes nothing.
        endings.end(heard, end, told, Closing.NONE, () -> true)
                .as(StepVerifier::create)
                .verifyComplete();
        assertThat(database.value("select count(*) from workflow.event")).isEqualTo("1");
        assertThat(published).hasSize(1);
    }

    /** What happened to tasks since the last entry, and what is told besides of the end. */
    @Test
    void storesWhatElseIsToldOfTheRunWithItsEnd() {
        ClaimedRun run = due();
        listenFor("told");
        RunJournal journal = open(run);
        journal.attend(entry -> List.of(told("told", "entry"), told("not heard", "other")));
        last(journal, "0");
        journal.tell(List.of(told("told", "task")));
        Closing closing = journal.closing().telling(List.of(told("told", "end")));
        RunEnd end = new RunEnd(RunStatus.COMPLETED, Json.object(), null, null, journal.lastSeq() + 1, Instant.EPOCH);

        Flux.merge(endings.end(run, end, null, closing, () -> true), end(due(), open(due())))
                .onErrorComplete(FencedException.class)
                .as(StepVerifier::create)
                .verifyComplete();

        assertThat(database.value(
                        "select string_agg(convert_from(envelope, 'UTF8'), ' ' order by envelope) from workflow.event"
                                + " where run_id = '" + run.id() + "' and depth = 3"))
                .isEqualTo("{\"source\":\"end\",\"type\":\"told\"} {\"source\":\"entry\",\"type\":\"told\"}"
                        + " {\"source\":\"task\",\"type\":\"told\"}");
        assertThat(published).contains(told("told", "task").id());
    }

    private static Emission told(String type, String source) {
        return new Emission(
                Ids.derived(Instant.EPOCH, source),
                3,
                Json.object().put("source", source).put("type", type));
    }

    @Test
    void leavesALargeOutputOutOfTheEvent() {
        ClaimedRun run = due();
        listenFor("io.serverlessworkflow.workflow.completed.v1");
        RunEnd end = new RunEnd(
                RunStatus.COMPLETED, Json.string("x".repeat(RunEvents.MOST_OUTPUT)), null, null, 1, Instant.EPOCH);

        endings.end(run, end, told(run.id()), Closing.NONE, () -> true)
                .as(StepVerifier::create)
                .verifyComplete();

        assertThat(database.value("select convert_from(envelope, 'UTF8') from workflow.event"))
                .isEqualTo("{\"data\":{\"name\":\"x\"}}");
    }

    private static Emission told(UUID run) {
        JsonNode envelope = Json.object().set("data", Json.object().put("name", "x"));
        return new Emission(Ids.derived(Instant.EPOCH, run.toString()), 3, envelope);
    }

    /** As a run does that listens with a filter. */
    private void listenFor(String type) {
        database.sql("insert into workflow.filter (id, organization_id, definition_id, reference, position, type)"
                + " select gen_random_uuid(), organization_id, id, '/do/0', 0, '" + type
                + "' from workflow.definition limit 1");
        database.sql(
                "insert into workflow.listener select gen_random_uuid(), gen_random_uuid(), 0, organization_id, id,"
                        + " gen_random_uuid() from workflow.filter");
    }

    private Mono<Void> end(ClaimedRun run, RunJournal journal) {
        return Mono.defer(() -> {
            RunEnd end =
                    new RunEnd(RunStatus.COMPLETED, Json.object(), null, null, journal.lastSeq() + 1, Instant.EPOCH);
            return endings.end(run, end, null, journal.closing(), () -> true);
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

package dev.sluice.executor.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.journal.Emission;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.executor.journal.Journals;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.executor.run.RunEvents.Point;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.GroupCommitSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import tools.jackson.databind.node.ObjectNode;

/** Which changes of runs are stored for those who listen, and that each is stored once. */
@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
class TellingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String STARTED = "io.serverlessworkflow.workflow.started.v1";

    private static final Workflow WORKFLOW = WorkflowDocuments.read("""
            document: { dsl: '1.0.3', namespace: test, name: told, version: '1.0.0' }
            do: [ { a: { wait: PT1S } } ]
            """.getBytes(UTF_8), WorkflowDocuments.Format.YAML);
    private static final TaskBase WAIT = WORKFLOW.tasks().tasks().getFirst().base();

    private final List<UUID> published = new CopyOnWriteArrayList<>();
    private final ClaimingNode node = new ClaimingNode();
    private final ExecutorDatabase database = node.database;
    private final Hearers hearers = new Hearers(node.database.engine(), Schedulers.immediate());
    private final Telling telling = telling(64);
    private final Journals journals = new Journals(
            database.engine(), GroupCommitSettings.of(1, 100, 10), new SimpleMeterRegistry(), Clock.systemUTC());

    @AfterEach
    void close() {
        journals.close();
        node.close();
    }

    @Test
    void storesAStartOnceHoweverOftenTheRunIsTakenUpBeforeItHasDoneAnything() {
        ClaimedRun unheard = claimed();
        assertThat(unheard.listeners().start()).isFalse();
        telling.started(unheard, events(unheard)).as(StepVerifier::create).verifyComplete();
        assertThat(stored()).isEqualTo("0");

        listenFor(STARTED);
        ClaimedRun run = claimed();
        assertThat(run.listeners().start()).isTrue();
        telling.started(run, events(run)).as(StepVerifier::create).verifyComplete();
        telling.started(run, events(run)).as(StepVerifier::create).verifyComplete();

        assertThat(stored()).isEqualTo("1");
        assertThat(database.value("select type || ' ' || run_id || ' ' || depth from workflow.event"))
                .as("what it starts is eight deeper")
                .isEqualTo("%s %s 7", STARTED, run.id());
        assertThat(published).containsOnly(UUID.fromString(database.value("select id from workflow.event")));
    }

    @Test
    void tellsNoStartOfARunThatHasGoneOn() {
        listenFor(STARTED);
        ClaimedRun run = claimed();
        append(run, EntryKind.SUSPENDED, telling.payload(run, events(run), EntryKind.SUSPENDED, List.of()));
        database.sql("update workflow.run set node = null, wake_at = now() where id = '" + run.id() + "'");

        assertThat(node.claim().getFirst().listeners().start()).isFalse();
        assertThat(stored()).as("nobody listens for suspensions").isEqualTo("0");
    }

    @Test
    void storesThatARunRestsWithTheEntryThatSaysSo() {
        ClaimedRun run = claimed();
        listenFor("io.serverlessworkflow.workflow.suspended.v1");
        ObjectNode payload = telling.payload(run, events(run), EntryKind.SUSPENDED, List.of("/do/0/a"));

        append(run, EntryKind.SUSPENDED, payload);
        append(run, EntryKind.RESUMED, telling.payload(run, events(run), EntryKind.RESUMED, List.of()));

        assertThat(database.value(
                        "select id || ' ' || depth || ' ' || convert_from(envelope, 'UTF8') from workflow.event"))
                .isEqualTo("%s 7 %s", payload.path("id").asString(), payload.path("event"));
    }

    /** Whoever is taken over writes neither. */
    @Test
    void storesNothingForAnOwnerThatIsNone() {
        ClaimedRun run = claimed();
        listenFor("io.serverlessworkflow.workflow.suspended.v1");
        RunJournal journal = open(run);
        database.sql("update workflow.run set epoch = epoch + 1");

        journal.append(EntryKind.SUSPENDED, telling.payload(run, events(run), EntryKind.SUSPENDED, List.of()))
                .as(StepVerifier::create)
                .expectError()
                .verify(PATIENCE);

        assertThat(stored()).isEqualTo("0");
    }

    @Test
    void tellsNobodyOfTheLastRunOfAChain() {
        RunEnd end = new RunEnd(RunStatus.CANCELLED, null, null, null, 1, Instant.EPOCH);
        ClaimedRun first = claimed();
        assertThat(Objects.requireNonNull(telling(64).ended(first, events(first), end))
                        .depth())
                .isEqualTo(7);
        assertThat(Objects.requireNonNull(telling(3).ended(first, events(first), end))
                        .depth())
                .isZero();
        database.sql("update workflow.run set depth = 57");
        listenFor(STARTED);
        node.due(JournalFormat.EVENTS);
        database.sql("update workflow.run set depth = 57");
        ClaimedRun last = node.claim().getFirst();

        assertThat(telling.ended(last, events(last), end)).isNull();
        assertThat(telling.payload(last, events(last), EntryKind.RESUMED, List.of()))
                .isEmpty();
        telling.started(last, events(last)).as(StepVerifier::create).verifyComplete();
        assertThat(stored()).isEqualTo("0");
    }

    /** Neither a version that was active before, nor what another organization listens for. */
    @Test
    void asksOnlyThoseWhoWouldHear() {
        ClaimedRun run = claimed();
        database.sql("insert into workflow.trigger (definition_id, position, organization_id, type)"
                + " select id, 0, organization_id, '" + STARTED + "' from workflow.definition");
        assertThat(heard(run)).isEqualTo("false");
        database.sql("insert into workflow.active (organization_id, namespace, name, definition_id)"
                + " select organization_id, namespace, name, id from workflow.definition");
        assertThat(heard(run)).isEqualTo("true");
        assertThat(database.value("select workflow.is_heard(gen_random_uuid(), '" + STARTED + "')"))
                .isEqualTo("false");
    }

    /** What was known when the run was taken up counts until the node has looked since. */
    @Test
    void knowsWhoListensForTasks() {
        ClaimedRun early = claimed();
        assertThat(early.listeners().more()).isFalse();
        RunAudience beforehand = telling.audience(early, WORKFLOW);
        assertThat(beforehand.present()).isFalse();

        listenFor("io.serverlessworkflow.task.completed.v1");
        ClaimedRun run = claimed();
        assertThat(run.listeners()).isEqualTo(new Listeners(false, true));
        RunAudience audience = telling.audience(run, WORKFLOW);
        List<RunEvent> begun = audience.events().taskStarted(WAIT, new Point("0", Instant.EPOCH, null));
        assertThat(types(audience.of(begun)))
                .as("as long as nobody knows for what")
                .containsExactly("task.created", "task.status-changed", "task.started", "task.status-changed");
        assertThat(beforehand.present()).isFalse();

        hearers.look().as(StepVerifier::create).verifyComplete();
        assertThat(beforehand.present()).isTrue();
        assertThat(audience.of(begun)).isEmpty();
        RunEvent completed = audience.events().taskCompleted(WAIT, new Point("0", Instant.EPOCH, null));
        assertThat(audience.of(List.of(completed))).singleElement().satisfies(told -> {
            assertThat(told.event().path("type").asString()).isEqualTo("io.serverlessworkflow.task.completed.v1");
            assertThat(told.depth()).as("half of what there may be").isEqualTo(31);
        });
    }

    /** Whoever ends a run tells of that: the run has nothing to make for them. */
    @Test
    void makesNoEventsOfTasksForThoseWhoListenForStartsAndEnds() {
        node.due(JournalFormat.CURRENT);
        listenFor("io.serverlessworkflow.workflow.completed.v1");
        ClaimedRun run = claimed();
        hearers.look().as(StepVerifier::create).verifyComplete();

        assertThat(telling.audience(run, WORKFLOW).present()).isFalse();
    }

    @Test
    void takesAPatternForAllOfThem() {
        node.due(JournalFormat.CURRENT);
        listenFor("io.serverlessworkflow.*");
        ClaimedRun run = claimed();
        RunAudience audience = telling.audience(run, WORKFLOW);
        hearers.look().as(StepVerifier::create).verifyComplete();
        RunEnd end = new RunEnd(RunStatus.CANCELLED, null, null, null, 1, Instant.EPOCH);

        assertThat(types(audience.of(List.of(audience.events().endedWithoutOutput(end)))))
                .as("the end itself is told by whoever ends the run")
                .containsExactly("workflow.status-changed");
        assertThat(heard(run)).isEqualTo("true");
    }

    @Test
    void tellsNoTasksOfWhatWatchesTasksItselfNorDeepInAChain() {
        node.due(JournalFormat.CURRENT);
        listenFor("io.serverlessworkflow.task.completed.v1");
        ClaimedRun run = claimed();
        Workflow watching = WorkflowDocuments.read("""
                document: { dsl: '1.0.3', namespace: test, name: watching, version: '1.0.0' }
                schedule: { on: { one: { with: { type: io.serverlessworkflow.task.faulted.v1 } } } }
                do: [ { a: { set: { x: 1 } } } ]
                """.getBytes(UTF_8), WorkflowDocuments.Format.YAML);

        assertThat(telling.audience(run, WORKFLOW).present()).isTrue();
        assertThat(telling.audience(run, watching).present()).isFalse();
        database.sql("update workflow.run set node = null, wake_at = now(), depth = 33 where id = '" + run.id() + "'");
        ClaimedRun deep = node.claim().getFirst();
        assertThat(telling.audience(deep, WORKFLOW).present()).isFalse();
    }

    /** With the entry, and only for an owner. */
    @Test
    void storesWhatATaskComesToWithItsEntry() {
        node.due(JournalFormat.CURRENT);
        listenFor("io.serverlessworkflow.task.started.v1");
        ClaimedRun run = claimed();
        RunJournal journal = open(run);
        journal.attend(telling.audience(run, WORKFLOW));
        journal.append(EntryKind.WAITING, "0", "wait", WAIT.placeHash(), Json.object())
                .as(StepVerifier::create)
                .expectNextCount(1)
                .verifyComplete();

        assertThat(database.value("select type || ' ' || run_id || ' ' || depth from workflow.event"))
                .isEqualTo("io.serverlessworkflow.task.started.v1 %s 31", run.id());
    }

    /** Else it would be there twice once the first is deleted, and a run that rests each day would tell it each day. */
    @Test
    void passesByWhatWasToldLongBeforeTheRunRested() {
        node.due(JournalFormat.CURRENT);
        listenFor("io.serverlessworkflow.*");
        ClaimedRun run = claimed();
        Instant rested = Instant.now().minus(Duration.ofDays(3)).truncatedTo(ChronoUnit.MICROS);
        RunJournal journal = new RunJournal(
                List.of(new Entry(1, EntryKind.WAITING, "1", "wait", WAIT.placeHash(), rested, Json.object())),
                entries -> Mono.empty(),
                Clock.systemUTC());
        LiveEvents live = new LiveEvents(run.id(), journal, telling.audience(run, WORKFLOW), new RunHub());

        live.begun(rested.minusSeconds(1));
        live.started(WAIT, "0", rested.minusSeconds(1));
        live.completed(WAIT, "0", rested.minusSeconds(1), null);
        assertThat(journal.closing().told()).isEmpty();

        live.started(WAIT, "2", rested);
        live.started(WAIT, "3", Instant.now().truncatedTo(ChronoUnit.MICROS));
        assertThat(journal.closing().told())
                .as("a crash may have come before that was stored")
                .hasSize(8);
    }

    private static List<String> types(List<Emission> told) {
        return told.stream()
                .map(event -> event.event().path("type").asString())
                .map(type -> type.substring("io.serverlessworkflow.".length(), type.length() - 3))
                .toList();
    }

    private String heard(ClaimedRun run) {
        return database.value("select workflow.is_heard('" + run.organization() + "', '" + STARTED + "')");
    }

    private Telling telling(int maxDepth) {
        return new Telling(
                new ToldStore(node.database.engine()),
                hearers,
                (organization, event) -> published.add(event),
                Clock.systemUTC(),
                maxDepth);
    }

    private ClaimedRun claimed() {
        UUID run = node.due(JournalFormat.CURRENT);
        ClaimedRun claimed = node.claim().getFirst();
        assertThat(claimed.id()).isEqualTo(run);
        return claimed;
    }

    private RunJournal open(ClaimedRun run) {
        return Objects.requireNonNull(
                journals.open(run.id(), node.organization, node.id, run.epoch(), run.format(), false, 0, () -> true)
                        .block(PATIENCE));
    }

    private void append(ClaimedRun run, EntryKind kind, ObjectNode payload) {
        open(run)
                .append(kind, payload)
                .as(StepVerifier::create)
                .expectNextCount(1)
                .verifyComplete();
    }

    private static RunEvents events(ClaimedRun run) {
        return new RunEvents(run.id(), WORKFLOW);
    }

    private String stored() {
        return database.value("select count(*) from workflow.event");
    }

    /** As a run does that listens with a filter. */
    private void listenFor(String type) {
        node.due(JournalFormat.EVENTS);
        database.sql("update workflow.run set node = null, wake_at = null where wake_at is not null");
        database.sql("insert into workflow.filter (id, organization_id, definition_id, reference, position, type)"
                + " select gen_random_uuid(), '" + node.organization + "', id, '/do/0', 0, '" + type
                + "' from workflow.definition limit 1");
        database.sql(
                "insert into workflow.listener select gen_random_uuid(), gen_random_uuid(), 0, organization_id, id,"
                        + " gen_random_uuid() from workflow.filter");
    }
}

package dev.sluice.executor.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.executor.journal.Journals;
import dev.sluice.executor.journal.RunJournal;
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
import reactor.test.StepVerifier;
import tools.jackson.databind.node.ObjectNode;

/** Which changes of runs are stored for those who listen, and that each is stored once. */
@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
class TellingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String STARTED = "io.serverlessworkflow.workflow.started.v1";

    private final List<UUID> published = new CopyOnWriteArrayList<>();
    private final ClaimingNode node = new ClaimingNode();
    private final ExecutorDatabase database = node.database;
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
        assertThat(unheard.startHeard()).isFalse();
        telling.started(unheard, events(unheard)).as(StepVerifier::create).verifyComplete();
        assertThat(stored()).isEqualTo("0");

        listenFor(STARTED);
        ClaimedRun run = claimed();
        assertThat(run.startHeard()).isTrue();
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

        assertThat(node.claim().getFirst().startHeard()).isFalse();
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

    private String heard(ClaimedRun run) {
        return database.value("select workflow.is_heard('" + run.organization() + "', '" + STARTED + "')");
    }

    private Telling telling(int maxDepth) {
        return new Telling(
                new ToldStore(node.database.engine()),
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
        return new RunEvents(run.id(), WorkflowDocuments.read("""
                document: { dsl: '1.0.3', namespace: test, name: told, version: '1.0.0' }
                do: [ { a: { wait: PT1S } } ]
                """.getBytes(UTF_8), WorkflowDocuments.Format.YAML));
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

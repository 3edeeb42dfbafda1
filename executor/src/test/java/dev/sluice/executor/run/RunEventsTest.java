package dev.sluice.executor.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.Hearing;
import dev.sluice.executor.journal.LeftTasks;
import dev.sluice.executor.journal.Spoiled;
import dev.sluice.executor.run.RunEvents.Point;
import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The data of each lifecycle event has the properties that the specification's reference lists, and no others. */
final class RunEventsTest {

    private static final UUID RUN = UUID.fromString("01a1fc7e-cae8-7bd1-ae8b-4e0bd59749d9");
    private static final Instant AT = Instant.parse("2026-11-21T05:05:30.5Z");
    private static final String NAME = "'order-" + RUN + ".samples'";
    private static final String TASK = "{'workflow':" + NAME + ",'task':'/do/0/first','%sAt':'" + AT + "'";

    private final Workflow workflow = WorkflowDocuments.read("""
            document: { dsl: '1.0.3', namespace: samples, name: order, version: '1.2.0' }
            do:
              - first: { listen: { to: { one: { with: { type: paid } } } } }
              - second: { wait: PT1S }
            """.getBytes(UTF_8), WorkflowDocuments.Format.YAML);
    private final TaskBase first = workflow.tasks().tasks().getFirst().base();
    private final RunEvents events = new RunEvents(RUN, workflow);

    @Test
    void tellsOfAStartWithItsDefinition() {
        assertData(
                events.started(AT),
                "workflow.started",
                "{'name':" + NAME
                        + ",'definition':{'namespace':'samples','name':'order','version':'1.2.0'},'startedAt':'" + AT
                        + "'}");
    }

    @Test
    void tellsOfAnEndWhereItsOutputIsAndTheOutputWhileItIsSmall() {
        JsonNode small = Json.object().put("n", 1);
        String completed = "{'name':" + NAME + ",'completedAt':'" + AT + "','outputUri':'/v1/runs/" + RUN + "'";
        assertData(
                events.ended(end(RunStatus.COMPLETED, small, null)),
                "workflow.completed",
                completed + ",'output':{'n':1}}");
        assertData(
                events.endedWithoutOutput(end(RunStatus.COMPLETED, small, null)),
                "workflow.completed",
                completed + "}");
        JsonNode large = Json.string("x".repeat(RunEvents.MOST_OUTPUT));
        RunEvent event = events.ended(end(RunStatus.COMPLETED, large, null));
        assertData(event, "workflow.completed", completed + "}");
        assertThat(event.frame()).hasSizeLessThan(64 * 1024);
        JsonNode most = Json.string("x".repeat(RunEvents.MOST_OUTPUT - 2));
        assertThat(events.ended(end(RunStatus.COMPLETED, most, null)).frame())
                .hasSizeBetween(RunEvents.MOST_OUTPUT, 64 * 1024);
    }

    @Test
    void tellsOfFaultsAndCancellations() {
        JsonNode error = Json.object().put("type", "t").put("status", 500);
        assertData(
                events.ended(end(RunStatus.FAULTED, null, error)),
                "workflow.faulted",
                "{'name':" + NAME + ",'faultedAt':'" + AT + "','error':{'type':'t','status':500}}");
        assertData(
                events.ended(end(RunStatus.CANCELLED, null, null)),
                "workflow.cancelled",
                "{'name':" + NAME + ",'cancelledAt':'" + AT + "'}");
        assertData(
                events.taskFaulted(first, error, new Point("0", AT, 3)),
                "task.faulted",
                TASK.formatted("faulted") + ",'error':{'type':'t','status':500}}");
    }

    @Test
    void tellsThatATaskIsMadeAndBeginsIsTriedAgainAndCompletes() {
        List<RunEvent> begun = events.taskStarted(first, new Point("0", AT, null));
        assertThat(begun).hasSize(2);
        assertData(begun.getFirst(), "task.created", TASK.formatted("created") + "}");
        assertData(begun.getLast(), "task.started", TASK.formatted("started") + "}");
        assertData(events.taskRetried(first, new Point("0", AT, 4)), "task.retried", TASK.formatted("retried") + "}");
        assertData(
                events.taskCompleted(first, new Point("0", AT, 4)),
                "task.completed",
                TASK.formatted("completed") + "}");
    }

    /** Whoever was there has been told the same, at the time of the failure. */
    @Test
    void tellsThatATaskFailedAfterItsEntryAndNotThatItCompleted() {
        JsonNode error = Json.object().put("type", "t").put("status", 400);
        JsonNode payload = new Spoiled(error, AT).payload();
        Entry note = new Entry(
                6, EntryKind.CHECKPOINT, Spoiled.place("0"), "listen", first.placeHash(), AT.plusSeconds(1), payload);
        RunEvent then = events.taskFaulted(first, error, new Point("0", AT, null));

        RunEvent late = events.of(note).getFirst();
        assertThat(late.envelope()).isEqualTo(then.envelope());
        assertThat(late.seq()).isEqualTo(6);

        Hearing hearing = new Hearing(RUN, RUN, 0, Json.object(), Map.of(), false, Map.of());
        Entry last = new Entry(
                5,
                EntryKind.HEARD,
                "0/e0",
                "listen",
                first.placeHash(),
                AT,
                hearing.last(Map.of()).payload());
        assertThat(events.of(last, Set.of("1")))
                .extracting(RunEvent::type)
                .last()
                .asString()
                .endsWith("task.completed.v1");
        assertThat(events.of(last, Set.of("0")))
                .singleElement()
                .extracting(RunEvent::type)
                .asString()
                .endsWith("correlation-completed.v1");
    }

    /** Only the last of an entry's events can be gone on from; the others are dropped with it. */
    @Test
    void tellsOfASubscriptionThatItCorrelatesAndWhatThatCameTo() {
        List<RunEvent> begun = events.of(entry(3, EntryKind.LISTENING, Json.object()));
        assertThat(begun).extracting(RunEvent::seq).containsExactly(null, null, 3);
        assertData(begun.getFirst(), "task.created", TASK.formatted("created") + "}");
        assertData(begun.get(1), "workflow.correlation-started", "{'name':" + NAME + ",'startedAt':'" + AT + "'}");
        assertData(begun.getLast(), "task.started", TASK.formatted("started") + "}");
        assertThat(begun).allMatch(event -> event.after(2)).noneMatch(event -> event.after(3));
        assertThat(begun).extracting(event -> event.envelope().path("id")).doesNotHaveDuplicates();

        Hearing hearing = new Hearing(RUN, RUN, 0, Json.object(), Map.of("pet", Json.string("7")), false, Map.of());
        assertThat(events.of(entry(4, EntryKind.HEARD, hearing.payload()))).isEmpty();
        JsonNode last = hearing.last(Map.of("order", Json.string("o"))).payload();
        List<RunEvent> heard = events.of(entry(5, EntryKind.HEARD, last));
        assertData(
                heard.getFirst(),
                "workflow.correlation-completed",
                "{'name':" + NAME + ",'completedAt':'" + AT + "','correlationKeys':{'order':'o','pet':'7'}}");
        assertData(heard.getLast(), "task.completed", TASK.formatted("completed") + "}");
        assertData(
                events.correlated(Map.of(), new Point("0", AT, null)),
                "workflow.correlation-completed",
                "{'name':" + NAME + ",'completedAt':'" + AT + "'}");
    }

    @Test
    void tellsOfTasksThatRestAndGoOnWithTheirRun() {
        for (String verb : List.of("suspended", "resumed")) {
            ObjectNode payload = events.telling(verb, AT, 3);
            LeftTasks.put(List.of("/do/0/first", "/do/0/first"), payload);
            EntryKind kind = verb.equals("suspended") ? EntryKind.SUSPENDED : EntryKind.RESUMED;

            List<RunEvent> told = events.of(entry(6, kind, payload));

            assertThat(told).extracting(RunEvent::seq).containsExactly(null, null, 6);
            assertData(told.getFirst(), "task." + verb, TASK.formatted(verb) + "}");
            assertData(told.getLast(), "workflow." + verb, "{'name':" + NAME + ",'" + verb + "At':'" + AT + "'}");
            assertThat(told.getLast().envelope())
                    .as("who listens hears the same")
                    .isEqualTo(payload.path("event"));
            assertThat(told).extracting(event -> event.envelope().path("id")).doesNotHaveDuplicates();
        }
    }

    /** As versions before this wrote them. */
    @Test
    void tellsOfASuspensionWhoseEntryHasNoEvent() {
        List<RunEvent> told =
                events.of(entry(6, EntryKind.SUSPENDED, Json.object().put("reason", "requested")));
        assertThat(told).hasSize(1);
        assertData(told.getFirst(), "workflow.suspended", "{'name':" + NAME + ",'suspendedAt':'" + AT + "'}");
    }

    @Test
    void tellsOfTasksThatEndWithTheirForkOrTheirRun() {
        ObjectNode decision = Json.object().put("branch", 1);
        assertThat(events.of(entry(7, EntryKind.DECIDED, decision))).isEmpty();
        LeftTasks.put(List.of("/do/1/second", "/do/0/first"), decision);
        List<RunEvent> lost = events.of(entry(7, EntryKind.DECIDED, decision));
        assertThat(lost).extracting(RunEvent::seq).containsExactly(null, 7);
        assertThat(lost.getFirst().envelope().path("data").path("task").asString())
                .isEqualTo("/do/1/second");
        assertData(lost.getLast(), "task.cancelled", TASK.formatted("cancelled") + "}");

        List<RunEvent> left = events.tasksCancelled(List.of("/do/0/first"), end(RunStatus.CANCELLED, null, null));
        assertData(left.getFirst(), "task.cancelled", TASK.formatted("cancelled") + "}");
        assertThat(left.getFirst().seq()).isNull();
        assertThat(left.getFirst().after(9)).as("seen with the end").isFalse();
    }

    private Entry entry(int seq, EntryKind kind, JsonNode payload) {
        return new Entry(seq, kind, "0", "listen", first.placeHash(), AT, payload);
    }

    private static RunEnd end(RunStatus status, @Nullable JsonNode output, @Nullable JsonNode error) {
        return new RunEnd(status, output, error, null, 9, AT);
    }

    private static void assertData(RunEvent event, String type, String data) {
        assertThat(event.envelope().path("type").asString()).isEqualTo("io.serverlessworkflow.%s.v1", type);
        assertThat(event.envelope().path("source").asString()).isEqualTo("urn:sluice:run:%s", RUN);
        assertThat(event.envelope().path("time").asString()).isEqualTo(AT.toString());
        assertThat(event.envelope().path("data").toString()).isEqualTo(data.replace('\'', '"'));
    }
}

package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.shared.tenancy.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Two executors on one database. */
class EventSetsApiIT {

    private static final String ORDERS = """
            schedule:
              read: %s
              on:
                all:
                  - with: { type: order.paid }
                    correlate: { order: { from: .data.order } }
                  - with: { type: order.packed }
                    correlate: { order: { from: .data.id } }
            do:
              - show: { set: { paid: "${ .[0]%s.order }", packed: "${ .[1]%s.id }" } }
            """;

    private static ExecutorDatabase database;
    private static RunningExecutor executor;
    private static RunningExecutor second;
    private static TestStreams streams;

    @BeforeAll
    static void start() {
        streams = TestStreams.emptied(1_000);
        database = new ExecutorDatabase();
        executor = RunningExecutor.start(database.settings());
        second = RunningExecutor.start(database.settings());
    }

    @AfterAll
    static void stop() {
        second.close();
        executor.close();
        streams.close();
        database.close();
    }

    @Test
    void tellsWhatAnEventWaitsForAndThenItsRun() {
        Principal caller = RunningExecutor.principal();
        String path = executor.deploy(caller, "orders", ORDERS.formatted("envelope", ".data", ".data"));
        UUID packed = arrive(caller, "order.packed", "{\"id\":7}");
        eventually(() -> reason(caller, packed).equals("It waits in a set that has 1 of 2 events."));
        UUID noOrder = arrive(caller, "order.paid", "{}");
        eventually(() -> reason(caller, noOrder).startsWith("It is in no set: a correlation took nothing"));
        assertThat(sets(caller, path)).isEqualTo("{\"open\":1,\"dropped\":0,\"filled\":0}");

        UUID paid = arrive(caller, "order.paid", "{\"order\":\"7\"}");

        executor.awaitRuns(caller, 1);
        String id = executor.ask(caller, "GET", "/v1/runs", null)
                .json()
                .at("/items/0/id")
                .asString();
        JsonNode run = executor.await(caller, "/v1/runs/" + id, "completed");
        assertThat(run.path("output").toString()).isEqualTo("{\"paid\":\"7\",\"packed\":7}");
        assertThat(run.at("/input/0/type").asString()).isEqualTo("order.paid");
        assertThat(run.path("trigger").toString())
                .isEqualTo("{\"kind\":\"event\",\"eventId\":\"%s\",\"eventIds\":[\"%s\",\"%s\"]}"
                        .formatted(paid, paid, packed));
        for (UUID event : List.of(paid, packed)) {
            assertThat(workflows(caller, event).at("/0/runId").asString()).isEqualTo(id);
        }
        assertThat(sets(caller, path)).isEqualTo("{\"open\":0,\"dropped\":0,\"filled\":0}");
        assertThat(executor.ask(RunningExecutor.principal(), "GET", path, null).status())
                .isEqualTo(404);
    }

    @Test
    void beginsAnewWithAnotherVersion() {
        Principal caller = RunningExecutor.principal();
        String path = executor.deploy(caller, "orders", ORDERS.formatted("data", "", ""));
        UUID paid = arrive(caller, "order.paid", "{\"order\":1}");
        eventually(() -> reason(caller, paid).startsWith("It waits"));
        deploySecondVersion(caller);

        UUID packed = arrive(caller, "order.packed", "{\"id\":1}");

        eventually(() -> reason(caller, packed).startsWith("It waits"));
        assertThat(reason(caller, paid)).startsWith("It is in no set");
        assertThat(sets(caller, path)).isEqualTo("{\"open\":1,\"dropped\":0,\"filled\":0}");
        UUID again = arrive(caller, "order.paid", "{\"order\":1}");
        eventually(() -> workflows(caller, again).at("/0/version").asString().equals("2.0.0")
                && workflows(caller, again).at("/0/runId").isString());
    }

    /** The one that came last is the older one: the other is among what is looked at. */
    @Test
    void doesNotLetARunHearWhatStartedIt() {
        Principal caller = RunningExecutor.principal();
        assertThat(executor.deploy(caller, "hear", """
                        schedule: { on: { all: [ { with: { type: hear.a } }, { with: { type: hear.b } } ] } }
                        do:
                          - next: { listen: { to: { one: { with: { type: hear.a } } } } }
                          - show: { set: { heard: "${ .[0].number }" } }
                        """)).endsWith("hear");
        UUID older = database.event(caller.organization(), "hear.b", "{\"number\":1}");
        UUID younger = arrive(caller, "hear.a", "{\"number\":2}");
        eventually(() -> reason(caller, younger).startsWith("It waits"));
        streams.publish(caller, List.of(older));
        executor.awaitRuns(caller, 1);
        String id = executor.ask(caller, "GET", "/v1/runs", null)
                .json()
                .at("/items/0/id")
                .asString();
        eventually(() -> database.value("select count(*) from workflow.listener where run_id = '" + id + "'")
                .equals("1"));

        UUID next = arrive(caller, "hear.a", "{\"number\":3}");

        assertThat(executor.await(caller, "/v1/runs/" + id, "completed")
                        .path("output")
                        .toString())
                .isEqualTo("{\"heard\":3}");
        eventually(() -> reason(caller, next).startsWith("It waits"));
    }

    @Test
    void startsOneRunForEachOrderWhateverComesWhenAndHowOften() {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        Principal caller = RunningExecutor.principal();
        String path = executor.deploy(caller, "orders", ORDERS.formatted("data", "", ""));
        int count = 40;
        List<UUID> events = new ArrayList<>();
        for (int order = 0; order < count; order++) {
            events.add(database.event(caller.organization(), "order.paid", "{\"order\":" + order + "}"));
            events.add(database.event(caller.organization(), "order.packed", "{\"id\":" + order + "}"));
        }
        for (int time = 0; time < 3; time++) {
            Collections.shuffle(events, new Random(seed + time));
            streams.publish(caller, events);
        }

        eventually(() -> completed(caller).size() == count);
        eventually(() -> streams.backlog() == 0);

        assertThat(completed(caller))
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .hasSize(count);
        assertThat(sets(caller, path)).as("seed %d", seed).isEqualTo("{\"open\":0,\"dropped\":0,\"filled\":0}");
        assertThat(database.value("select count(*) from workflow.run_history where organization_id = '"
                        + caller.organization() + "' and convert_from(output, 'UTF8')::json ->> 'paid'"
                        + " = convert_from(output, 'UTF8')::json ->> 'packed'"))
                .as("seed %d", seed)
                .isEqualTo(Integer.toString(count));
    }

    /** Their filters stand in opposite orders, and both nodes bring events of both at the same time. */
    @Test
    void feedsTwoWorkflowsWithTheSameEvents() {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        Principal caller = RunningExecutor.principal();
        List<String> paths = List.of(
                executor.deploy(caller, "first", together("both.a", "both.b")),
                executor.deploy(caller, "second", together("both.b", "both.a")));
        int count = 40;
        List<UUID> events = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            events.add(database.event(caller.organization(), "both.a", "{\"n\":" + n + "}"));
            events.add(database.event(caller.organization(), "both.b", "{\"n\":" + n + "}"));
        }
        Collections.shuffle(events, new Random(seed));
        streams.publish(caller, events);

        eventually(() -> completed(caller).size() == 2 * count);

        assertThat(database.value("select count(*) from (select e from workflow.run_history h, unnest(h.event_ids) e"
                        + " where h.organization_id = '" + caller.organization()
                        + "' group by e having count(distinct h.definition_id) = 2 and count(*) = 2) twice"))
                .as("seed %d", seed)
                .isEqualTo(Integer.toString(2 * count));
        assertThat(paths)
                .as("seed %d", seed)
                .allSatisfy(
                        path -> assertThat(sets(caller, path)).isEqualTo("{\"open\":0,\"dropped\":0,\"filled\":0}"));
    }

    private static String together(String one, String other) {
        return """
                schedule:
                  on:
                    all:
                      - { with: { type: %s }, correlate: { n: { from: .data.n } } }
                      - { with: { type: %s }, correlate: { n: { from: .data.n } } }
                do: [ { show: { set: { done: true } } } ]
                """.formatted(one, other);
    }

    private static void deploySecondVersion(Principal caller) {
        String document = "document: { dsl: '1.0.3', namespace: test, name: orders, version: '2.0.0' }\n"
                + ORDERS.formatted("data", "", "");
        assertThat(second.ask(caller, "POST", "/v1/workflows", document, "Content-Type", "application/yaml")
                        .status())
                .isEqualTo(201);
    }

    private static List<String> completed(Principal caller) {
        JsonNode items = executor.ask(caller, "GET", "/v1/runs?status=completed&limit=100", null)
                .json()
                .path("items");
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.path("id").asString())
                .toList();
    }

    private static UUID arrive(Principal caller, String type, String data) {
        UUID event = database.event(caller.organization(), type, data);
        streams.publish(caller, List.of(event));
        return event;
    }

    private static JsonNode workflows(Principal caller, UUID event) {
        return executor.ask(caller, "GET", "/v1/events/" + event + "/runs", null)
                .json()
                .path("workflows");
    }

    private static String reason(Principal caller, UUID event) {
        JsonNode answer = executor.ask(caller, "GET", "/v1/events/" + event + "/runs", null)
                .json();
        return answer.path("received").asBoolean()
                ? answer.at("/workflows/0/reason").asString("")
                : "";
    }

    private static String sets(Principal caller, String path) {
        return executor.ask(caller, "GET", path, null).json().path("sets").toString();
    }

    private static void eventually(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).isLessThan(RunningExecutor.PATIENCE.toNanos());
            Thread.onSpinWait();
        }
    }
}

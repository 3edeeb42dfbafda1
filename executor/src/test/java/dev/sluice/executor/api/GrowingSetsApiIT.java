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
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code schedule.on.any} with {@code until}, with two executors on one database. */
class GrowingSetsApiIT {

    private static final String ORDERS = """
            schedule:
              on:
                any:
                  - with: { type: item.added }
                    correlate: { order: { from: .data.order } }
                until:
                  one:
                    with: { type: order.closed }
                    correlate: { order: { from: .data.id } }
            do:
              - sum: { set: { total: "${ map(.price) | add }" } }
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
        String path = executor.deploy(caller, "orders", ORDERS);
        UUID early = arrive(caller, "order.closed", "{\"id\":7}");
        eventually(() -> reason(caller, early).contains("It is one of those that end sets, and has ended none"));
        assertThat(reason(caller, early)).startsWith("type is 'order.closed', expected");
        UUID first = arrive(caller, "item.added", "{\"order\":7,\"price\":2}");
        eventually(() -> reason(caller, first).equals("It waits in a set of 1 for what ends that."));
        UUID next = arrive(caller, "item.added", "{\"order\":\"7\",\"price\":3}");
        eventually(() -> reason(caller, first).equals("It waits in a set of 2 for what ends that."));
        UUID noOrder = arrive(caller, "item.added", "{}");
        eventually(() -> reason(caller, noOrder).startsWith("It is in no set: a correlation took nothing"));
        assertThat(sets(caller, path)).isEqualTo("{\"open\":1,\"dropped\":0,\"filled\":0}");

        UUID end = arrive(caller, "order.closed", "{\"id\":7}");

        executor.awaitRuns(caller, 1);
        String id = executor.ask(caller, "GET", "/v1/runs", null)
                .json()
                .at("/items/0/id")
                .asString();
        JsonNode run = executor.await(caller, "/v1/runs/" + id, "completed");
        assertThat(run.path("output").toString()).isEqualTo("{\"total\":5}");
        assertThat(run.path("trigger").toString())
                .isEqualTo("{\"kind\":\"event\",\"eventId\":\"%s\",\"eventIds\":[\"%s\",\"%s\"]}"
                        .formatted(end, first, next));
        for (UUID event : List.of(first, next, end)) {
            assertThat(workflows(caller, event).at("/0/runId").asString()).isEqualTo(id);
        }
        assertThat(sets(caller, path)).isEqualTo("{\"open\":0,\"dropped\":0,\"filled\":0}");
    }

    /** Nothing else could tell the author: there is no run yet. */
    @Test
    void tellsWhyAConditionFails() {
        Principal caller = RunningExecutor.principal();
        assertThat(executor.deploy(caller, "failing", """
                        schedule:
                          on:
                            any: [ { with: { type: reading } } ]
                            until: length > 2 and .[0].value.celsius > 30
                        do: [ { show: { set: { done: true } } } ]
                        """)).endsWith("failing");
        UUID first = arrive(caller, "reading", "{\"value\":1}");
        eventually(() -> reason(caller, first).equals("It waits in a set of 1 for what ends that."));

        UUID next = arrive(caller, "reading", "{\"value\":2}");
        assertThat(arrive(caller, "reading", "{\"value\":3}")).isNotEqualTo(next);

        eventually(
                () -> reason(caller, first)
                        .startsWith(
                                "It waits in a set of 3 for what ends that. The condition of 'until' fails: Cannot index number"));
        assertThat(executor.ask(caller, "GET", "/v1/runs", null).json().path("items"))
                .isEmpty();
    }

    /** Two executors take them, in any order. */
    @Test
    void startsARunWithWhatAnotherEmits() {
        Principal caller = RunningExecutor.principal();
        assertThat(executor.deploy(caller, "gather", """
                        schedule: { on: { any: [ { with: { type: step } } ], until: "length == 3" }, read: envelope }
                        do: [ { show: { set: { steps: "${ map(.data) | sort }" } } } ]
                        """)).endsWith("gather");
        String path = executor.deploy(caller, "emit", """
                do:
                  - each:
                      for: { in: "[range(3)]" }
                      do: [ { tell: { emit: { event: { with: { source: 'urn:t', type: step, data: "${ $item }" } } } } } ]
                """);
        assertThat(executor.ask(caller, "POST", path + "/runs", "{}").status()).isEqualTo(202);

        eventually(() -> outputs(caller, "gather").size() == 1);

        assertThat(outputs(caller, "gather")).containsExactly("{\"steps\":[0,1,2]}");
    }

    @Test
    void putsEachEventIntoOneRunWhateverComesWhenAndHowOften() {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        Principal caller = RunningExecutor.principal();
        String path = executor.deploy(caller, "triples", """
                schedule:
                  on:
                    any:
                      - { with: { type: triple.a }, correlate: { n: { from: .data.n } } }
                      - { with: { type: triple.b }, correlate: { n: { from: .data.n } } }
                    until: length == 3
                do: [ { show: { set: { n: "${ map(.n) | unique }" } } } ]
                """);
        int count = 30;
        List<UUID> events = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            for (String type : List.of("triple.a", "triple.b", "triple.a")) {
                events.add(database.event(caller.organization(), type, "{\"n\":" + n + "}"));
            }
        }
        for (int time = 0; time < 3; time++) {
            Collections.shuffle(events, new Random(seed + time));
            streams.publish(caller, events);
        }

        eventually(() -> outputs(caller, "triples").size() == count);
        eventually(() -> streams.backlog() == 0);

        assertThat(outputs(caller, "triples"))
                .as("seed %d", seed)
                .hasSize(count)
                .doesNotHaveDuplicates()
                .allSatisfy(output -> assertThat(output).doesNotContain(","));
        assertThat(sets(caller, path)).as("seed %d", seed).isEqualTo("{\"open\":0,\"dropped\":0,\"filled\":0}");
    }

    private static List<String> outputs(Principal caller, String workflow) {
        String found = database.value("select coalesce(string_agg(convert_from(output, 'UTF8'), E'\\n'), '') from"
                + " workflow.run_history h join workflow.definition d on d.id = h.definition_id and d.name = '"
                + workflow
                + "' where h.organization_id = '" + caller.organization() + "' and h.status = 'completed'");
        return found.lines().toList();
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

    /** One for each filter, unless they say the same. */
    private static String reason(Principal caller, UUID event) {
        JsonNode answer = executor.ask(caller, "GET", "/v1/events/" + event + "/runs", null)
                .json();
        return answer.path("received").asBoolean()
                ? answer.path("workflows")
                        .valueStream()
                        .map(workflow -> workflow.path("reason").asString(""))
                        .collect(Collectors.joining(" "))
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

package dev.sluice.executor.api;

import static dev.sluice.shared.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
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

    @AutoClose
    private static final Cluster CLUSTER = Cluster.start(2);

    private final Tenant tenant = CLUSTER.tenant();

    @Test
    void tellsWhatAnEventWaitsForAndThenItsRun() {
        String path = tenant.deploy("orders", ORDERS);
        UUID early = tenant.arrive("order.closed", "{\"id\":7}");
        eventually(() -> tenant.reason(early).contains("It is one of those that end sets, and has ended none"));
        assertThat(tenant.reason(early)).startsWith("type is 'order.closed', expected");
        UUID first = tenant.arrive("item.added", "{\"order\":7,\"price\":2}");
        eventually(() -> tenant.reason(first).equals("It waits in a set of 1 for what ends that."));
        UUID next = tenant.arrive("item.added", "{\"order\":\"7\",\"price\":3}");
        eventually(() -> tenant.reason(first).equals("It waits in a set of 2 for what ends that."));
        UUID noOrder = tenant.arrive("item.added", "{}");
        eventually(() -> tenant.reason(noOrder).startsWith("It is in no set: a correlation took nothing"));
        assertThat(tenant.sets(path)).isEqualTo("{\"open\":1,\"dropped\":0,\"filled\":0}");

        UUID end = tenant.arrive("order.closed", "{\"id\":7}");

        String started = tenant.onlyRun();
        JsonNode run = tenant.await(started, "completed");
        assertThat(run.path("output").toString()).isEqualTo("{\"total\":5}");
        assertThat(run.path("trigger").toString())
                .isEqualTo("{\"kind\":\"event\",\"eventId\":\"%s\",\"eventIds\":[\"%s\",\"%s\"]}"
                        .formatted(end, first, next));
        for (UUID event : List.of(first, next, end)) {
            assertThat(tenant.workflows(event).at("/0/runId").asString()).isEqualTo(Tenant.id(started));
        }
        assertThat(tenant.sets(path)).isEqualTo("{\"open\":0,\"dropped\":0,\"filled\":0}");
    }

    /** Nothing else could tell the author: there is no run yet. */
    @Test
    void tellsWhyAConditionFails() {
        tenant.deploy("failing", """
                schedule:
                  on:
                    any: [ { with: { type: reading } } ]
                    until: length > 2 and .[0].value.celsius > 30
                do: [ { show: { set: { done: true } } } ]
                """);
        UUID first = tenant.arrive("reading", "{\"value\":1}");
        eventually(() -> tenant.reason(first).equals("It waits in a set of 1 for what ends that."));

        tenant.arrive("reading", "{\"value\":2}");
        tenant.arrive("reading", "{\"value\":3}");

        eventually(
                () -> tenant.reason(first)
                        .startsWith(
                                "It waits in a set of 3 for what ends that. The condition of 'until' fails: Cannot index number"));
        assertThat(tenant.get("/v1/runs").path("items")).isEmpty();
    }

    /** Two executors take them, in any order. */
    @Test
    void startsARunWithWhatAnotherEmits() {
        tenant.deploy("gather", """
                schedule: { on: { any: [ { with: { type: step } } ], until: "length == 3" }, read: envelope }
                do: [ { show: { set: { steps: "${ map(.data) | sort }" } } } ]
                """);
        tenant.deploy("emit", """
                do:
                  - each:
                      for: { in: "[range(3)]" }
                      do: [ { tell: { emit: { event: { with: { source: 'urn:t', type: step, data: "${ $item }" } } } } } ]
                """);
        tenant.begin("emit", "{}");

        eventually(() -> tenant.runs("gather", "completed").size() == 1);

        assertThat(tenant.outputs("gather")).extracting(JsonNode::toString).containsExactly("{\"steps\":[0,1,2]}");
    }

    @Test
    void putsEachEventIntoOneRunWhateverComesWhenAndHowOften() {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        String path = tenant.deploy("triples", """
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
                events.add(tenant.store(type, "{\"n\":" + n + "}"));
            }
        }
        for (int time = 0; time < 3; time++) {
            Collections.shuffle(events, new Random(seed + time));
            tenant.publish(events);
        }

        eventually(() -> tenant.runs("triples", "completed").size() == count);
        eventually(() -> CLUSTER.streams.backlog() == 0);

        assertThat(tenant.outputs("triples"))
                .as("seed %d", seed)
                .extracting(JsonNode::toString)
                .hasSize(count)
                .doesNotHaveDuplicates()
                .allSatisfy(output -> assertThat(output).doesNotContain(","));
        assertThat(tenant.sets(path)).as("seed %d", seed).isEqualTo("{\"open\":0,\"dropped\":0,\"filled\":0}");
    }
}

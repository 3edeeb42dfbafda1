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

    @AutoClose
    private static final Cluster CLUSTER = Cluster.start(2);

    private final Tenant tenant = CLUSTER.tenant();

    @Test
    void tellsWhatAnEventWaitsForAndThenItsRun() {
        String path = tenant.deploy("orders", ORDERS.formatted("envelope", ".data", ".data"));
        UUID packed = tenant.arrive("order.packed", "{\"id\":7}");
        eventually(() -> tenant.reason(packed).equals("It waits in a set that has 1 of 2 events."));
        UUID noOrder = tenant.arrive("order.paid", "{}");
        eventually(() -> tenant.reason(noOrder).startsWith("It is in no set: a correlation took nothing"));
        assertThat(tenant.sets(path)).isEqualTo("{\"open\":1,\"dropped\":0,\"filled\":0}");

        UUID paid = tenant.arrive("order.paid", "{\"order\":\"7\"}");

        String started = tenant.onlyRun();
        JsonNode run = tenant.await(started, "completed");
        assertThat(run.path("output").toString()).isEqualTo("{\"paid\":\"7\",\"packed\":7}");
        assertThat(run.at("/input/0/type").asString()).isEqualTo("order.paid");
        assertThat(run.path("trigger").toString())
                .isEqualTo("{\"kind\":\"event\",\"eventId\":\"%s\",\"eventIds\":[\"%s\",\"%s\"]}"
                        .formatted(paid, paid, packed));
        for (UUID event : List.of(paid, packed)) {
            assertThat(tenant.workflows(event).at("/0/runId").asString()).isEqualTo(Tenant.id(started));
        }
        assertThat(tenant.sets(path)).isEqualTo("{\"open\":0,\"dropped\":0,\"filled\":0}");
        assertThat(CLUSTER.tenant().get(path).path("status").asInt()).isEqualTo(404);
    }

    @Test
    void beginsAnewWithAnotherVersion() {
        String path = tenant.deploy("orders", ORDERS.formatted("data", "", ""));
        UUID paid = tenant.arrive("order.paid", "{\"order\":1}");
        eventually(() -> tenant.reason(paid).startsWith("It waits"));
        deploySecondVersion();

        UUID packed = tenant.arrive("order.packed", "{\"id\":1}");

        eventually(() -> tenant.reason(packed).startsWith("It waits"));
        assertThat(tenant.reason(paid)).startsWith("It is in no set");
        assertThat(tenant.sets(path)).isEqualTo("{\"open\":1,\"dropped\":0,\"filled\":0}");
        UUID again = tenant.arrive("order.paid", "{\"order\":1}");
        eventually(() -> tenant.workflows(again).at("/0/version").asString().equals("2.0.0")
                && tenant.workflows(again).at("/0/runId").isString());
    }

    /** The one that came last is the older one: the other is among what is looked at. */
    @Test
    void doesNotLetARunHearWhatStartedIt() {
        tenant.deploy("hear", """
                schedule: { on: { all: [ { with: { type: hear.a } }, { with: { type: hear.b } } ] } }
                do:
                  - next: { listen: { to: { one: { with: { type: hear.a } } } } }
                  - show: { set: { heard: "${ .[0].number }" } }
                """);
        UUID older = tenant.store("hear.b", "{\"number\":1}");
        UUID younger = tenant.arrive("hear.a", "{\"number\":2}");
        eventually(() -> tenant.reason(younger).startsWith("It waits"));
        tenant.publish(List.of(older));
        String started = tenant.onlyRun();
        eventually(() -> CLUSTER.database
                .value("select count(*) from workflow.listener where run_id = '" + Tenant.id(started) + "'")
                .equals("1"));

        UUID next = tenant.arrive("hear.a", "{\"number\":3}");

        assertThat(tenant.output(started).toString()).isEqualTo("{\"heard\":3}");
        eventually(() -> tenant.reason(next).startsWith("It waits"));
    }

    @Test
    void startsOneRunForEachOrderWhateverComesWhenAndHowOften() {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        String path = tenant.deploy("orders", ORDERS.formatted("data", "", ""));
        int count = 40;
        List<UUID> events = new ArrayList<>();
        for (int order = 0; order < count; order++) {
            events.add(tenant.store("order.paid", "{\"order\":" + order + "}"));
            events.add(tenant.store("order.packed", "{\"id\":" + order + "}"));
        }
        for (int time = 0; time < 3; time++) {
            Collections.shuffle(events, new Random(seed + time));
            tenant.publish(events);
        }

        eventually(() -> tenant.runs("orders", "completed").size() == count);
        eventually(() -> CLUSTER.streams.backlog() == 0);

        assertThat(tenant.runs("orders", "completed"))
                .as("seed %d", seed)
                .extracting(run -> run.path("id").asString())
                .doesNotHaveDuplicates()
                .hasSize(count);
        assertThat(tenant.sets(path)).as("seed %d", seed).isEqualTo("{\"open\":0,\"dropped\":0,\"filled\":0}");
        assertThat(CLUSTER.database.value("select count(*) from workflow.run_history where organization_id = '"
                        + tenant.organization() + "' and convert_from(output, 'UTF8')::json ->> 'paid'"
                        + " = convert_from(output, 'UTF8')::json ->> 'packed'"))
                .as("seed %d", seed)
                .isEqualTo(Integer.toString(count));
    }

    /** Their filters stand in opposite orders, and both nodes bring events of both at the same time. */
    @Test
    void feedsTwoWorkflowsWithTheSameEvents() {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        List<String> paths = List.of(
                tenant.deploy("first", together("both.a", "both.b")),
                tenant.deploy("second", together("both.b", "both.a")));
        int count = 40;
        List<UUID> events = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            events.add(tenant.store("both.a", "{\"n\":" + n + "}"));
            events.add(tenant.store("both.b", "{\"n\":" + n + "}"));
        }
        Collections.shuffle(events, new Random(seed));
        tenant.publish(events);

        eventually(() -> tenant.runs("first", "completed").size() == count
                && tenant.runs("second", "completed").size() == count);

        assertThat(CLUSTER.database.value(
                        "select count(*) from (select e from workflow.run_history h, unnest(h.event_ids) e"
                                + " where h.organization_id = '" + tenant.organization()
                                + "' group by e having count(distinct h.definition_id) = 2 and count(*) = 2) twice"))
                .as("seed %d", seed)
                .isEqualTo(Integer.toString(2 * count));
        assertThat(paths)
                .as("seed %d", seed)
                .allSatisfy(path -> assertThat(tenant.sets(path)).isEqualTo("{\"open\":0,\"dropped\":0,\"filled\":0}"));
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

    private void deploySecondVersion() {
        String document = "document: { dsl: '1.0.3', namespace: test, name: orders, version: '2.0.0' }\n"
                + ORDERS.formatted("data", "", "");
        assertThat(CLUSTER.executors
                        .getLast()
                        .ask(tenant.principal, "POST", "/v1/workflows", document, "Content-Type", "application/yaml")
                        .status())
                .isEqualTo(201);
    }
}

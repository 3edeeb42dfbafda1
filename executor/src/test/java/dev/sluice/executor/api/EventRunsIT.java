package dev.sluice.executor.api;

import static dev.sluice.shared.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.testing.TestRedis;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EventRunsIT {

    @AutoClose
    private static final Cluster CLUSTER = Cluster.start(1, "sluice.executor.max-runs=8");

    private final Tenant tenant = CLUSTER.tenant();

    /** More than one statement may hold, each event twice, and more runs than the node has permits for. */
    @Test
    void startsEachRunOnceHoweverLargeTheEventsAreAndHoweverOftenTheyCome() {
        for (String name : List.of("one", "two")) {
            tenant.deploy(name, """
                    schedule: { on: { one: { with: { type: test.large } } } }
                    do:
                      - pick: { set: { number: "${ .[0].number }" } }
                    """);
        }
        List<UUID> events = IntStream.range(0, 24)
                .mapToObj(number -> tenant.store(
                        "test.large", "{\"number\":%d,\"ballast\":\"%s\"}".formatted(number, "x".repeat(900_000))))
                .toList();

        tenant.publish(events);
        tenant.publish(events);

        for (String name : List.of("one", "two")) {
            List<Integer> numbers = completed(name, events.size());
            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 24).boxed().toList());
        }
        assertThat(tenant.rows("inbox")).isEqualTo("24");
        eventually(() -> CLUSTER.streams.backlog() == 0);
    }

    @Test
    void keepsAnEventThatStartsNothing() {
        UUID event = tenant.store("test.unknown", "{}");

        tenant.publish(List.of(event));

        eventually(() -> CLUSTER.database
                .value("select count(*) from workflow.inbox where event_id = '" + event + "'")
                .equals("1"));
        JsonNode runs = tenant.get("/v1/events/" + event + "/runs");
        assertThat(runs.path("received").asBoolean()).isTrue();
        assertThat(runs.path("workflows")).isEmpty();
    }

    /** One of them cannot even be read. */
    @Test
    void handsOverTheOthersOfABatchWithAPoisonEvent() {
        tenant.deploy("many", """
                schedule: { on: { one: { with: { type: test.many } } } }
                do:
                  - pick: { set: { number: "${ .[0].number }" } }
                """);
        List<UUID> events = IntStream.range(0, 9)
                .mapToObj(number -> tenant.store("test.many", number == 4 ? "{" : "{\"number\":%d}".formatted(number)))
                .toList();

        tenant.publish(events);

        assertThat(completed("many", 8)).containsExactlyInAnyOrder(0, 1, 2, 3, 5, 6, 7, 8);
        assertThat(CLUSTER.database.value(
                        "select count(*) from workflow.inbox where event_id = '" + events.get(4) + "'"))
                .isEqualTo("0");
        CLUSTER.database.sql("insert into workflow.inbox (event_id, organization_id, run_ids) values ('" + events.get(4)
                + "', '" + tenant.organization() + "', '{}')");
        TestRedis.flush();
    }

    @Test
    void showsAnEventThatWasGivenUpAndHandsItOverAgainOnRequest() {
        Tenant other = CLUSTER.tenant();
        tenant.deploy("again", """
                schedule: { on: { one: { with: { type: test.again } } } }
                do:
                  - pick: { set: { number: "${ .[0].number }" } }
                """);
        UUID event = tenant.store("test.again", "{\"number\":7}");
        CLUSTER.database.sql("insert into workflow.dead_event values ('" + event + "', '" + tenant.organization()
                + "', 10, 'why', now())");
        CLUSTER.database.sql("insert into workflow.inbox (event_id, organization_id, run_ids) values ('" + event
                + "', '" + tenant.organization() + "', '{}')");
        CLUSTER.database.sql("update workflow.duty set position = 'ffffffff-0000-0000-0000-000000000000'");

        JsonNode shown = tenant.get("/v1/events/" + event + "/runs").path("deadLetter");
        assertThat(shown.path("reason").asString()).isEqualTo("why");
        assertThat(shown.path("tries").asInt()).isEqualTo(10);
        assertThat(tenant.get("/v1/dead-events").path("items")).hasSize(1);
        assertThat(other.ask("GET", "/v1/dead-events", null).json().path("items"))
                .isEmpty();
        String retry = "/v1/dead-events/" + event + ":retry";
        assertThat(other.ask("POST", retry, null).status()).isEqualTo(404);

        assertThat(tenant.ask("POST", retry, null).status()).isEqualTo(202);

        assertThat(completed("again", 1)).containsExactly(7);
        assertThat(tenant.ask("POST", retry, null).status()).isEqualTo(404);
        assertThat(tenant.get("/v1/dead-events").path("items")).isEmpty();
        assertThat(CLUSTER.database.value("select position <= '" + event + "' from workflow.duty"))
                .isEqualTo("true");
    }

    /** The numbers in the outputs of a workflow's runs, once there are so many and all completed. */
    private List<Integer> completed(String workflow, int count) {
        eventually(() -> tenant.runs(workflow, "completed").size() >= count);
        return tenant.outputs(workflow).stream()
                .map(output -> output.path("number").asInt())
                .toList();
    }
}

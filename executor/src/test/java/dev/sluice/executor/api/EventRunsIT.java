package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

class EventRunsIT {

    private static ExecutorDatabase database;
    private static RunningExecutor executor;
    private static TestStreams streams;

    @BeforeAll
    static void start() {
        streams = TestStreams.emptied(1_000);
        database = new ExecutorDatabase();
        executor = RunningExecutor.start(database.settings(), "sluice.executor.max-runs=8");
    }

    @AfterAll
    static void stop() {
        executor.close();
        streams.close();
        database.close();
    }

    /** More than one statement may hold, each event twice, and more runs than the node has permits for. */
    @Test
    void startsEachRunOnceHoweverLargeTheEventsAreAndHoweverOftenTheyCome() {
        Principal caller = RunningExecutor.principal();
        for (String name : List.of("one", "two")) {
            assertThat(executor.deploy(caller, name, """
                            schedule: { on: { one: { with: { type: test.large } } } }
                            do:
                              - pick: { set: { number: "${ .[0].number }" } }
                            """)).endsWith(name);
        }
        List<UUID> events = IntStream.range(0, 24)
                .mapToObj(number -> database.event(
                        caller.organization(),
                        "test.large",
                        "{\"number\":%d,\"ballast\":\"%s\"}".formatted(number, "x".repeat(900_000))))
                .toList();

        streams.publish(caller, events);
        streams.publish(caller, events);

        for (String name : List.of("one", "two")) {
            List<Integer> numbers = completed(caller, name, events.size());
            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 24).boxed().toList());
        }
        assertThat(database.value(
                        "select count(*) from workflow.inbox where organization_id = '" + caller.organization() + "'"))
                .isEqualTo("24");
        assertThat(streams.backlog()).isZero();
    }

    @Test
    void keepsAnEventThatStartsNothing() {
        Principal caller = RunningExecutor.principal();
        UUID event = database.event(caller.organization(), "test.unknown", "{}");

        streams.publish(caller, List.of(event));

        eventually(() -> database.value("select count(*) from workflow.inbox where event_id = '" + event + "'")
                .equals("1"));
        JsonNode runs = executor.ask(caller, "GET", "/v1/events/" + event + "/runs", null)
                .json();
        assertThat(runs.path("received").asBoolean()).isTrue();
        assertThat(runs.path("workflows")).isEmpty();
    }

    /** One of them cannot even be read. */
    @Test
    void handsOverTheOthersOfABatchWithAPoisonEvent() {
        Principal caller = RunningExecutor.principal();
        assertThat(executor.deploy(caller, "many", """
                        schedule: { on: { one: { with: { type: test.many } } } }
                        do:
                          - pick: { set: { number: "${ .[0].number }" } }
                        """)).endsWith("many");
        List<UUID> events = IntStream.range(0, 9)
                .mapToObj(number -> database.event(
                        caller.organization(), "test.many", number == 4 ? "{" : "{\"number\":%d}".formatted(number)))
                .toList();

        streams.publish(caller, events);

        assertThat(completed(caller, "many", 8)).containsExactlyInAnyOrder(0, 1, 2, 3, 5, 6, 7, 8);
        assertThat(database.value("select count(*) from workflow.inbox where event_id = '" + events.get(4) + "'"))
                .isEqualTo("0");
        database.sql("insert into workflow.inbox (event_id, organization_id, run_ids) values ('" + events.get(4)
                + "', '" + caller.organization() + "', '{}')");
        TestRedis.flush();
    }

    @Test
    void showsAnEventThatWasGivenUpAndHandsItOverAgainOnRequest() {
        Principal caller = RunningExecutor.principal();
        Principal other = RunningExecutor.principal();
        assertThat(executor.deploy(caller, "again", """
                        schedule: { on: { one: { with: { type: test.again } } } }
                        do:
                          - pick: { set: { number: "${ .[0].number }" } }
                        """)).endsWith("again");
        UUID event = database.event(caller.organization(), "test.again", "{\"number\":7}");
        database.sql("insert into workflow.dead_event values ('" + event + "', '" + caller.organization()
                + "', 10, 'why', now())");
        database.sql("insert into workflow.inbox (event_id, organization_id, run_ids) values ('" + event + "', '"
                + caller.organization() + "', '{}')");
        database.sql("update workflow.duty set position = 'ffffffff-0000-0000-0000-000000000000'");

        JsonNode shown = executor.ask(caller, "GET", "/v1/events/" + event + "/runs", null)
                .json()
                .path("deadLetter");
        assertThat(shown.path("reason").asString()).isEqualTo("why");
        assertThat(shown.path("tries").asInt()).isEqualTo(10);
        assertThat(executor.ask(caller, "GET", "/v1/dead-events", null).json().path("items"))
                .hasSize(1);
        assertThat(executor.ask(other, "GET", "/v1/dead-events", null).json().path("items"))
                .isEmpty();
        String retry = "/v1/dead-events/" + event + ":retry";
        assertThat(executor.ask(other, "POST", retry, null).status()).isEqualTo(404);

        assertThat(executor.ask(caller, "POST", retry, null).status()).isEqualTo(202);

        assertThat(completed(caller, "again", 1)).containsExactly(7);
        assertThat(executor.ask(caller, "POST", retry, null).status()).isEqualTo(404);
        assertThat(executor.ask(caller, "GET", "/v1/dead-events", null).json().path("items"))
                .isEmpty();
        assertThat(database.value("select position <= '" + event + "' from workflow.duty"))
                .isEqualTo("true");
    }

    /** The numbers in the outputs of a workflow's runs, once there are so many and all completed. */
    private static List<Integer> completed(Principal caller, String name, int count) {
        String target = "/v1/runs?limit=100&status=completed&workflow=test/" + name;
        eventually(() ->
                executor.ask(caller, "GET", target, null).json().path("items").size() >= count);
        return executor.ask(caller, "GET", target, null)
                .json()
                .path("items")
                .valueStream()
                .map(run -> executor.ask(
                                caller, "GET", "/v1/runs/" + run.path("id").asString(), null)
                        .json())
                .map(run -> run.path("output").path("number").asInt())
                .toList();
    }

    private static void eventually(BooleanSupplier condition) {
        assertThat(Flux.interval(Duration.ofMillis(100), Schedulers.boundedElastic())
                        .map(tick -> condition.getAsBoolean())
                        .filter(now -> now)
                        .blockFirst(RunningExecutor.PATIENCE))
                .isTrue();
    }
}

package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.shared.redis.Redis;
import dev.sluice.shared.redis.RedisSettings;
import dev.sluice.shared.redis.WorkStreams;
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
    private static Redis redis;
    private static WorkStreams streams;

    @BeforeAll
    static void start() {
        TestRedis.flush();
        database = new ExecutorDatabase();
        executor = RunningExecutor.start(database.settings(), "sluice.executor.max-runs=8");
        redis = new Redis(new RedisSettings(TestRedis.url(), Duration.ofSeconds(5), 1_000, 1_000));
        streams = new WorkStreams(redis, 1_000);
    }

    @AfterAll
    static void stop() {
        executor.close();
        redis.close();
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

        publish(caller, events);
        publish(caller, events);

        for (String name : List.of("one", "two")) {
            List<Integer> numbers = completed(caller, name, events.size());
            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 24).boxed().toList());
        }
        assertThat(database.value(
                        "select count(*) from workflow.inbox where organization_id = '" + caller.organization() + "'"))
                .isEqualTo("24");
        assertThat(streams.backlog().block(RunningExecutor.PATIENCE)).isZero();
    }

    @Test
    void keepsAnEventThatStartsNothing() {
        Principal caller = RunningExecutor.principal();
        UUID event = database.event(caller.organization(), "test.unknown", "{}");

        publish(caller, List.of(event));

        eventually(() -> database.value("select count(*) from workflow.inbox where event_id = '" + event + "'")
                .equals("1"));
        JsonNode runs = executor.ask(caller, "GET", "/v1/events/" + event + "/runs", null)
                .json();
        assertThat(runs.path("received").asBoolean()).isTrue();
        assertThat(runs.path("workflows")).isEmpty();
    }

    private static void publish(Principal caller, List<UUID> events) {
        assertThat(streams.publish(caller.organization(), events).block(RunningExecutor.PATIENCE))
                .isEqualTo(events.size());
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

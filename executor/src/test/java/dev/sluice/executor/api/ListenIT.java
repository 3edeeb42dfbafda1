package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

class ListenIT {

    private static final String ORDER = """
            do:
              - paid:
                  listen:
                    to:
                      one:
                        with: { type: order.paid }
                        correlate: { order: { from: .data.order, expect: "${ .order }" } }
              - show: { set: { order: "${ .[0].order }", amount: "${ .[0].amount }" } }
            """;

    private static ExecutorDatabase database;
    private static RunningExecutor executor;
    private static TestStreams streams;

    @BeforeAll
    static void start() {
        streams = TestStreams.emptied(100_000);
        database = new ExecutorDatabase();
        executor = RunningExecutor.start(database.settings(), "sluice.executor.max-depth=6");
    }

    @AfterAll
    static void stop() {
        executor.close();
        streams.close();
        database.close();
    }

    @Test
    void leavesMemoryAndIsBroughtBackByItsEvent() {
        Principal caller = RunningExecutor.principal();
        deploy(caller, "order", ORDER);
        UUID run = begin(caller, "order", "{\"order\": 17}");
        eventually(() -> column(run, "status").equals("waiting")
                && column(run, "wake_at is null").equals("true"));

        arrive(caller, "order.paid", "{\"order\": \"16\", \"amount\": 1}");
        arrive(caller, "order.paid", "{\"order\": \"17\", \"amount\": 2}");

        assertThat(output(caller, run)).isEqualTo("{\"order\":\"17\",\"amount\":2}");
        assertThat(rows("listener", caller)).isEqualTo("0");
        assertThat(rows("heard", caller)).isEqualTo("0");
        assertThat(rows("consumed", caller)).isEqualTo("0");
    }

    @Test
    void findsAnEventThatCameBeforeItListened() {
        Principal caller = RunningExecutor.principal();
        deploy(caller, "late", """
                do:
                  - nap: { wait: PT2S }
                  - paid: { listen: { to: { one: { with: { type: order.paid } } } } }
                """);
        // One that has no receipt yet is handed over late, to whoever listens then.
        UUID before = arrive(caller, "order.paid", "0");
        eventually(() -> handedOver(before));
        // A run looks back to the millisecond it began in, and an event of that same one is its own.
        eventually(() -> System.currentTimeMillis() > Ids.time(before).toEpochMilli() + 1);
        UUID run = begin(caller, "late", "{}");
        UUID event = arrive(caller, "order.paid", "1");
        eventually(() -> handedOver(event));
        assertThat(before).isLessThan(event);

        assertThat(output(caller, run)).isEqualTo("[1]");
    }

    /** Whichever of the two is first, and however close they are: each run has its own event, and has it once. */
    @Test
    void losesNoEventAndNoRunWhenTheyRace() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Principal caller = RunningExecutor.principal();
        deploy(caller, "order", ORDER);
        List<Integer> orders = new ArrayList<>(IntStream.range(0, 150).boxed().toList());
        Map<UUID, Integer> runs = new HashMap<>();
        // A run that has not begun has nothing to look back on: its event comes after it.
        orders.forEach(order -> runs.put(begin(caller, "order", "{\"order\": " + order + "}"), order));
        Collections.shuffle(orders, random);
        Flux.fromIterable(orders)
                .flatMap(
                        order -> Mono.delay(Duration.ofMillis(random.nextInt(400)))
                                .publishOn(Schedulers.boundedElastic())
                                .doOnNext(tick -> arrive(
                                        caller,
                                        "order.paid",
                                        "{\"order\": %d, \"amount\": %d}".formatted(order, order))),
                        4)
                .then()
                .block(RunningExecutor.PATIENCE);

        runs.forEach((run, order) -> assertThat(output(caller, run))
                .as("seed %d, run %s", seed, run)
                .isEqualTo("{\"order\":%d,\"amount\":%d}".formatted(order, order)));
        assertThat(rows("listener", caller)).as("seed %d", seed).isEqualTo("0");
    }

    @Test
    void wakesAllThatListenForOneEvent() {
        Principal caller = RunningExecutor.principal();
        deploy(caller, "gate", "do: [ { open: { listen: { to: { one: { with: { type: gate.open } } } } } } ]");
        List<UUID> runs = IntStream.range(0, 40)
                .mapToObj(number -> begin(caller, "gate", "{}"))
                .toList();
        eventually(() -> rows("listener", caller).equals("40"));
        // More than one page of them, whose runs are gone.
        database.sql(
                "insert into workflow.listener select gen_random_uuid(), l.subscription, l.position, l.organization_id,"
                        + " l.filter_id, l.key from workflow.listener l, generate_series(1, 30) where l.organization_id = '"
                        + caller.organization() + "'");

        arrive(caller, "gate.open", "true");

        runs.forEach(run -> assertThat(output(caller, run)).isEqualTo("[true]"));
    }

    @Test
    void emitsEventsThatOtherRunsListenForAndAreStartedBy() {
        Principal caller = RunningExecutor.principal();
        deploy(caller, "order", ORDER);
        deploy(caller, "audit", """
                schedule: { on: { one: { with: { type: order.paid } } } }
                do: [ { note: { set: { order: "${ .[0].order }" } } } ]
                """);
        deploy(caller, "pay", """
                do:
                  - tell:
                      emit: { event: { with: { type: order.paid, data: { order: "${ .order }", amount: 5 } } } }
                """);
        UUID listening = begin(caller, "order", "{\"order\": 3}");

        UUID emitting = begin(caller, "pay", "{\"order\": 3}");

        assertThat(output(caller, listening)).isEqualTo("{\"order\":3,\"amount\":5}");
        assertThat(output(caller, emitting)).contains("\"type\":\"order.paid\"", "\"source\":\"/test/pay/");
        String audit = "/v1/runs?status=completed&workflow=test/audit";
        eventually(() ->
                executor.ask(caller, "GET", audit, null).json().path("items").size() == 1);
        assertThat(database.value(
                        "select count(*) from workflow.event where organization_id = '" + caller.organization() + "'"))
                .isEqualTo("1");
    }

    @Test
    void endsAChainOfRunsThatStartOneAnotherByEvents() {
        Principal caller = RunningExecutor.principal();
        deploy(caller, "echo", """
                schedule: { on: { one: { with: { type: echo } } } }
                do: [ { again: { emit: { event: { with: { type: echo } } } } } ]
                """);

        begin(caller, "echo", "{}");

        String faulted = "/v1/runs?status=faulted&workflow=test/echo";
        eventually(() ->
                executor.ask(caller, "GET", faulted, null).json().path("items").size() == 1);
        assertThat(database.value("select count(*) from workflow.run_history where organization_id = '"
                        + caller.organization() + "'"))
                .isEqualTo("7");
    }

    @Test
    void runsOtherWorkflowsAndGoesOnWithTheirOutput() {
        Principal caller = RunningExecutor.principal();
        deploy(caller, "child", "do: [ { double: { set: { n: \"${ .n * 2 }\" } } } ]");
        deploy(caller, "broken", "do: [ { fail: { raise: { error: { type: 'urn:x', status: 418, title: T } } } } ]");
        deploy(caller, "parent", """
                do:
                  - first: { run: { workflow: { namespace: test, name: child, version: latest, input: { n: 4 } } } }
                  - second: { run: { workflow: { namespace: test, name: child, version: 1.0.0, input: { n: "${ .n }" } } } }
                  - guarded:
                      try: [ { third: { run: { workflow: { namespace: test, name: broken, version: latest } } } } ]
                      catch: { as: e, do: [ { show: { set: { n: "${ .n }", status: "${ $e.status }" } } } ] }
                """);

        UUID run = begin(caller, "parent", "{}");

        assertThat(output(caller, run)).isEqualTo("{\"n\":16,\"status\":418}");
    }

    @Test
    void takesTheRunsItAwaitsAlongWhenItIsCancelled() {
        Principal caller = RunningExecutor.principal();
        deploy(caller, "child", "do: [ { nap: { wait: PT1H } } ]");
        deploy(caller, "parent", """
                do: [ { call: { run: { workflow: { namespace: test, name: child, version: latest } } } } ]
                """);
        UUID run = begin(caller, "parent", "{}");
        eventually(() -> column(run, "status").equals("waiting"));
        String child = database.value("select id from workflow.run where parent_id = '" + run + "'");
        assertThat(executor.ask(caller, "GET", "/v1/runs/" + child, null)
                        .json()
                        .path("trigger")
                        .toString())
                .isEqualTo("{\"kind\":\"run\",\"runId\":\"%s\"}", run);

        assertThat(executor.ask(caller, "POST", "/v1/runs/" + run + ":cancel", null)
                        .status())
                .isEqualTo(202);

        eventually(() -> state(caller, run).equals("cancelled")
                && state(caller, UUID.fromString(child)).equals("cancelled"));
    }

    /** What had happened is known once: a run that then only waits is not taken up again and again. */
    @Test
    void restsAfterItHasSeenWhatHappened() {
        Principal caller = RunningExecutor.principal();
        deploy(caller, "quick", "do: [ { done: { set: { n: 1 } } } ]");
        deploy(caller, "rests", """
                do:
                  - both:
                      fork:
                        branches:
                          - call: { run: { workflow: { namespace: test, name: quick, version: latest } } }
                          - paid: { listen: { to: { one: { with: { type: order.paid } } } } }
                  - nap: { wait: PT1H }
                """);
        UUID run = begin(caller, "rests", "{}");
        eventually(() -> column(run, "status").equals("waiting"));
        arrive(caller, "order.paid", "1");
        eventually(
                () -> database.value("select count(*) from workflow.journal where run_id = '" + run + "' and kind = 3")
                        .equals("1"));
        eventually(() -> column(run, "status").equals("waiting")
                && column(run, "wake_at > now() + interval '50 minutes'").equals("true"));
        String epoch = column(run, "epoch");

        // Another event for nobody passes all that runs by then.
        UUID other = arrive(caller, "order.paid", "2");
        eventually(() -> database.value("select count(*) from workflow.inbox where event_id = '" + other + "'")
                .equals("1"));

        assertThat(column(run, "epoch")).isEqualTo(epoch);
        assertThat(column(run, "news")).isEqualTo("false");
    }

    @Test
    void endsAChainOfRunsThatStartOneAnother() {
        Principal caller = RunningExecutor.principal();
        deploy(caller, "self", """
                do: [ { again: { run: { workflow: { namespace: test, name: self, version: latest } } } } ]
                """);

        UUID run = begin(caller, "self", "{}");

        eventually(() -> state(caller, run).equals("faulted"));
        assertThat(executor.ask(caller, "GET", "/v1/runs/" + run, null)
                        .json()
                        .path("error")
                        .path("detail")
                        .asString())
                .contains("a workflow that starts itself needs an end");
    }

    private static void deploy(Principal caller, String name, String body) {
        assertThat(executor.deploy(caller, name, body)).endsWith(name);
    }

    @CanIgnoreReturnValue
    private static UUID begin(Principal caller, String name, String input) {
        RunningExecutor.Answer answer = executor.ask(
                caller, "POST", "/v1/workflows/test/" + name + "/runs", input, "Content-Type", "application/json");
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return UUID.fromString(answer.json().path("id").asString());
    }

    @CanIgnoreReturnValue
    private static UUID arrive(Principal caller, String type, String data) {
        UUID event = database.event(caller.organization(), type, data);
        streams.publish(caller, List.of(event));
        return event;
    }

    private static boolean handedOver(UUID event) {
        return database.value("select count(*) from workflow.inbox where event_id = '" + event + "'")
                .equals("1");
    }

    private static String output(Principal caller, UUID run) {
        eventually(() -> List.of("completed", "faulted", "cancelled").contains(state(caller, run)));
        JsonNode view = executor.ask(caller, "GET", "/v1/runs/" + run, null).json();
        assertThat(view.path("status").asString()).as(view.toString()).isEqualTo("completed");
        return view.path("output").toString();
    }

    private static String state(Principal caller, UUID run) {
        return executor.ask(caller, "GET", "/v1/runs/" + run, null)
                .json()
                .path("status")
                .asString();
    }

    private static String column(UUID run, String column) {
        return database.value("select " + column + " from workflow.run where id = '" + run + "'");
    }

    private static String rows(String table, Principal caller) {
        return database.value(
                "select count(*) from workflow." + table + " where organization_id = '" + caller.organization() + "'");
    }

    private static void eventually(BooleanSupplier condition) {
        assertThat(Flux.interval(Duration.ofMillis(50), Schedulers.boundedElastic())
                        .onBackpressureDrop()
                        .map(tick -> condition.getAsBoolean())
                        .filter(now -> now)
                        .blockFirst(RunningExecutor.PATIENCE))
                .isTrue();
    }
}

package dev.sluice.executor.api;

import static dev.sluice.shared.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.id.Ids;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

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

    @AutoClose
    private static final Cluster CLUSTER = Cluster.start(1, "sluice.executor.max-depth=6");

    private final Tenant tenant = CLUSTER.tenant();

    @Test
    void leavesMemoryAndIsBroughtBackByItsEvent() {
        tenant.deploy("order", ORDER);
        String run = tenant.begin("order", "{\"order\": 17}");
        eventually(() -> column(run, "status").equals("waiting")
                && column(run, "wake_at is null").equals("true"));

        tenant.arrive("order.paid", "{\"order\": \"16\", \"amount\": 1}");
        tenant.arrive("order.paid", "{\"order\": \"17\", \"amount\": 2}");

        assertThat(tenant.output(run).toString()).isEqualTo("{\"order\":\"17\",\"amount\":2}");
        assertThat(tenant.rows("listener")).isEqualTo("0");
        assertThat(tenant.rows("heard")).isEqualTo("0");
        assertThat(tenant.rows("consumed")).isEqualTo("0");
    }

    @Test
    void findsAnEventThatCameBeforeItListened() {
        tenant.deploy("late", """
                do:
                  - nap: { wait: PT2S }
                  - paid: { listen: { to: { one: { with: { type: order.paid } } } } }
                """);
        // One that has no receipt yet is handed over late, to whoever listens then.
        UUID before = tenant.arrive("order.paid", "0");
        eventually(() -> handedOver(before));
        // A run looks back to the millisecond it began in, and an event of that same one is its own.
        eventually(() -> System.currentTimeMillis() > Ids.time(before).toEpochMilli() + 1);
        String run = tenant.begin("late", "{}");
        UUID event = tenant.arrive("order.paid", "1");
        eventually(() -> handedOver(event));
        assertThat(before).isLessThan(event);

        assertThat(tenant.output(run).toString()).isEqualTo("[1]");
    }

    /** Whichever of the two is first, and however close they are: each run has its own event, and has it once. */
    @Test
    void losesNoEventAndNoRunWhenTheyRace() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        tenant.deploy("order", ORDER);
        List<Integer> orders = new ArrayList<>(IntStream.range(0, 150).boxed().toList());
        Map<String, Integer> runs = new HashMap<>();
        // A run that has not begun has nothing to look back on: its event comes after it.
        orders.forEach(order -> runs.put(tenant.begin("order", "{\"order\": " + order + "}"), order));
        Collections.shuffle(orders, random);
        Flux.fromIterable(orders)
                .flatMap(
                        order -> Mono.delay(Duration.ofMillis(random.nextInt(400)))
                                .publishOn(Schedulers.boundedElastic())
                                .doOnNext(tick -> tenant.arrive(
                                        "order.paid", "{\"order\": %d, \"amount\": %d}".formatted(order, order))),
                        4)
                .then()
                .block(Duration.ofMinutes(2));

        runs.forEach((run, order) -> assertThat(tenant.output(run).toString())
                .as("seed %d, run %s", seed, run)
                .isEqualTo("{\"order\":%d,\"amount\":%d}".formatted(order, order)));
        assertThat(tenant.rows("listener")).as("seed %d", seed).isEqualTo("0");
    }

    @Test
    void wakesAllThatListenForOneEvent() {
        tenant.deploy("gate", "do: [ { open: { listen: { to: { one: { with: { type: gate.open } } } } } } ]");
        List<String> runs = IntStream.range(0, 40)
                .mapToObj(number -> tenant.begin("gate", "{}"))
                .toList();
        eventually(() -> tenant.rows("listener").equals("40"));
        // More than one page of them, whose runs are gone.
        CLUSTER.database.sql(
                "insert into workflow.listener select gen_random_uuid(), l.subscription, l.position, l.organization_id,"
                        + " l.filter_id, l.key from workflow.listener l, generate_series(1, 30) where l.organization_id = '"
                        + tenant.organization() + "'");

        tenant.arrive("gate.open", "true");

        runs.forEach(run -> assertThat(tenant.output(run).toString()).isEqualTo("[true]"));
    }

    @Test
    void emitsEventsThatOtherRunsListenForAndAreStartedBy() {
        tenant.deploy("order", ORDER);
        tenant.deploy("audit", """
                schedule: { on: { one: { with: { type: order.paid } } } }
                do: [ { note: { set: { order: "${ .[0].order }" } } } ]
                """);
        tenant.deploy("pay", """
                do:
                  - tell:
                      emit: { event: { with: { type: order.paid, data: { order: "${ .order }", amount: 5 } } } }
                """);
        String listening = tenant.begin("order", "{\"order\": 3}");

        String emitting = tenant.begin("pay", "{\"order\": 3}");

        assertThat(tenant.output(listening).toString()).isEqualTo("{\"order\":3,\"amount\":5}");
        assertThat(tenant.output(emitting).toString()).contains("\"type\":\"order.paid\"", "\"source\":\"/test/pay/");
        eventually(() -> tenant.runs("audit", "completed").size() == 1);
        assertThat(tenant.rows("event")).isEqualTo("1");
    }

    @Test
    void endsAChainOfRunsThatStartOneAnotherByEvents() {
        tenant.deploy("echo", """
                schedule: { on: { one: { with: { type: echo } } } }
                do: [ { again: { emit: { event: { with: { type: echo } } } } } ]
                """);

        tenant.begin("echo", "{}");

        eventually(() -> tenant.runs("echo", "faulted").size() == 1);
        assertThat(tenant.rows("run_history")).isEqualTo("7");
    }

    @Test
    void runsOtherWorkflowsAndGoesOnWithTheirOutput() {
        tenant.deploy("child", "do: [ { double: { set: { n: \"${ .n * 2 }\" } } } ]");
        tenant.deploy("broken", "do: [ { fail: { raise: { error: { type: 'urn:x', status: 418, title: T } } } } ]");
        tenant.deploy("parent", """
                do:
                  - first: { run: { workflow: { namespace: test, name: child, version: latest, input: { n: 4 } } } }
                  - second: { run: { workflow: { namespace: test, name: child, version: 1.0.0, input: { n: "${ .n }" } } } }
                  - guarded:
                      try: [ { third: { run: { workflow: { namespace: test, name: broken, version: latest } } } } ]
                      catch: { as: e, do: [ { show: { set: { n: "${ .n }", status: "${ $e.status }" } } } ] }
                """);

        String run = tenant.begin("parent", "{}");

        assertThat(tenant.output(run).toString()).isEqualTo("{\"n\":16,\"status\":418}");
    }

    @Test
    void takesTheRunsItAwaitsAlongWhenItIsCancelled() {
        tenant.deploy("child", "do: [ { nap: { wait: PT1H } } ]");
        tenant.deploy("parent", """
                do: [ { call: { run: { workflow: { namespace: test, name: child, version: latest } } } } ]
                """);
        String run = tenant.begin("parent", "{}");
        eventually(() -> column(run, "status").equals("waiting"));
        String child = "/v1/runs/"
                + CLUSTER.database.value("select id from workflow.run where parent_id = '" + Tenant.id(run) + "'");
        assertThat(tenant.get(child).path("trigger").toString())
                .isEqualTo("{\"kind\":\"run\",\"runId\":\"%s\"}", Tenant.id(run));

        tenant.post(run + ":cancel");

        tenant.await(run, "cancelled");
        tenant.await(child, "cancelled");
    }

    /** What had happened is known once: a run that then only waits is not taken up again and again. */
    @Test
    void restsAfterItHasSeenWhatHappened() {
        tenant.deploy("quick", "do: [ { done: { set: { n: 1 } } } ]");
        tenant.deploy("rests", """
                do:
                  - both:
                      fork:
                        branches:
                          - call: { run: { workflow: { namespace: test, name: quick, version: latest } } }
                          - paid: { listen: { to: { one: { with: { type: order.paid } } } } }
                  - nap: { wait: PT1H }
                """);
        String run = tenant.begin("rests", "{}");
        eventually(() -> column(run, "status").equals("waiting"));
        tenant.arrive("order.paid", "1");
        eventually(() -> CLUSTER.database
                .value("select count(*) from workflow.journal where run_id = '" + Tenant.id(run) + "' and kind = 3")
                .equals("1"));
        eventually(() -> column(run, "status").equals("waiting")
                && column(run, "wake_at > now() + interval '50 minutes'").equals("true"));
        String epoch = column(run, "epoch");

        // Another event for nobody passes all that runs by then.
        UUID other = tenant.arrive("order.paid", "2");
        eventually(() -> handedOver(other));

        assertThat(column(run, "epoch")).isEqualTo(epoch);
        assertThat(column(run, "news")).isEqualTo("false");
    }

    @Test
    void endsAChainOfRunsThatStartOneAnother() {
        tenant.deploy("self", """
                do: [ { again: { run: { workflow: { namespace: test, name: self, version: latest } } } } ]
                """);

        String run = tenant.begin("self", "{}");

        assertThat(tenant.await(run, "faulted").path("error").path("detail").asString())
                .contains("a workflow that starts itself needs an end");
    }

    private static boolean handedOver(UUID event) {
        return CLUSTER.database
                .value("select count(*) from workflow.inbox where event_id = '" + event + "'")
                .equals("1");
    }

    private static String column(String run, String column) {
        return CLUSTER.database.value("select " + column + " from workflow.run where id = '" + Tenant.id(run) + "'");
    }
}

package dev.sluice.loadtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.drill.Api;
import dev.sluice.loadtest.drill.Api.Answer;
import dev.sluice.loadtest.drill.Api.Hook;
import dev.sluice.shared.json.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Numbered runs, started by API and by webhooks, of a workflow that makes three calls; and the account of what became of
 * them. Senders repeat a request that was not accepted, with the same key, as real ones do.
 */
final class Load implements AutoCloseable {

    static final int CALLS = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PAGE = 100;

    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> sent = new ArrayList<>();
    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private final Map<String, Integer> events = new ConcurrentHashMap<>();
    private final AtomicInteger repeated = new AtomicInteger();
    private final Api api;
    private final String workflow;
    private final Hook hook;

    /** Deploys the workflow {@code drill/name} and creates the endpoint whose deliveries start it. */
    Load(Api api, String name, URI upstream, int latencyMillis) {
        this.api = api;
        this.workflow = "drill/" + name;
        this.hook = api.createHook(name);
        api.deploy(document(name, hook.eventSource(), upstream + "/call?latencyMillis=" + latencyMillis));
    }

    /** Begins to send so many of each, evenly over a time; at most 100 altogether. */
    void send(int runCount, int eventCount, Duration over) {
        assertThat(sent.size() + runCount + eventCount).isLessThanOrEqualTo(PAGE);
        int base = sent.size();
        for (int i = 0; i < runCount; i++) {
            int number = base + i;
            schedule(over.multipliedBy(i).dividedBy(runCount), () -> startRun(number));
        }
        for (int i = 0; i < eventCount; i++) {
            int number = base + runCount + i;
            schedule(over.multipliedBy(i).dividedBy(eventCount), () -> deliver(number));
        }
    }

    /** Waits until everything sent was accepted; fails when something was refused for good. */
    void awaitAccepted() throws Exception {
        for (Future<?> future : sent) {
            Object accepted = future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(accepted).isNotNull();
        }
    }

    /** How often a sender had to repeat a request. */
    int repeatedRequests() {
        return repeated.get();
    }

    int accepted() {
        return runs.size() + events.size();
    }

    Answer tryRun() throws IOException, InterruptedException {
        return api.send(api.post("/v1/workflows/" + workflow + "/runs", "{\"number\":-1}"));
    }

    Answer tryDelivery() throws IOException, InterruptedException {
        return api.deliver(hook, UUID.randomUUID(), "{\"number\":-1}");
    }

    /** Everything accepted has its one run, which completed with its own output, and there is no other run. */
    void awaitExactAccount(Duration limit) throws InterruptedException {
        String target = "/v1/runs?limit=" + PAGE + "&workflow=" + workflow;
        JsonNode page = api.await(target, limit, this::isFinished);
        Map<String, Integer> started =
                numbers(page, "api", run -> run.path("id").asString());
        Map<String, Integer> triggered = numbers(
                page, "event", run -> run.path("trigger").path("eventId").asString());
        assertThat(started).isEqualTo(runs);
        assertThat(triggered).isEqualTo(events);
        assertThat(page.path("items")).hasSize(accepted());
    }

    @Override
    public void close() {
        senders.shutdownNow();
    }

    private boolean isFinished(JsonNode page) {
        return page.path("items").size() >= accepted()
                && page.path("items").valueStream().allMatch(run -> run.has("finishedAt"));
    }

    private Map<String, Integer> numbers(JsonNode page, String kind, Function<JsonNode, String> id) {
        return page.path("items")
                .valueStream()
                .filter(run -> run.path("trigger").path("kind").asString().equals(kind))
                .collect(Collectors.toUnmodifiableMap(id, this::number));
    }

    /** The number in the output of a run that a list showed without it. */
    private int number(JsonNode listed) {
        JsonNode run = api.get("/v1/runs/" + listed.path("id").asString());
        assertThat(run.path("status").asString()).as("%s", run).isEqualTo("completed");
        JsonNode output = run.path("output");
        assertThat(output.path("calls").toString())
                .as("%s", run)
                .isEqualTo(Json.array()
                        .add("upstream-simulator")
                        .add("upstream-simulator")
                        .add("upstream-simulator")
                        .toString());
        return output.path("number").asInt();
    }

    private void schedule(Duration delay, Callable<String> task) {
        sent.add(senders.submit(() -> {
            TimeUnit.NANOSECONDS.sleep(delay.toNanos());
            return task.call();
        }));
    }

    private String startRun(int number) throws InterruptedException {
        String key = "run-" + number;
        String id = accepted(() -> api.send(api.post("/v1/workflows/" + workflow + "/runs", body(number))
                        .header("Idempotency-Key", key)))
                .path("id")
                .asString();
        runs.put(id, number);
        return id;
    }

    private String deliver(int number) throws InterruptedException {
        UUID delivery = UUID.randomUUID();
        String id = accepted(() -> api.deliver(hook, delivery, body(number)))
                .path("eventId")
                .asString();
        events.put(id, number);
        return id;
    }

    private JsonNode accepted(Callable<Answer> request) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = "no answer";
        while (System.nanoTime() < deadline) {
            try {
                Answer answer = request.call();
                if (answer.accepted()) {
                    return answer.body();
                }
                assertThat(answer.status()).as("%s", answer.body()).isIn(502, 503, 504);
                last = answer.toString();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                last = e.toString();
            }
            repeated.incrementAndGet();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("not accepted within " + PATIENCE + ": " + last);
    }

    private static String body(int number) {
        return "{\"number\":" + number + "}";
    }

    private static String document(String name, String eventSource, String call) {
        return """
                document: { dsl: '1.0.3', namespace: drill, name: %1$s, version: '1.0.0' }
                schedule: { on: { one: { with: { type: com.github.push, source: '%2$s' } } } }
                input:
                  from: '${ (if type == "array" then .[0] else . end) | { number: .number, calls: [] } }'
                do:
                  - first:
                      call: http
                      with: { method: post, endpoint: '%3$s', body: '${ . }' }
                      output: { as: '${ { number: $input.number, calls: ($input.calls + [.from]) } }' }
                  - second:
                      call: http
                      with: { method: post, endpoint: '%3$s', body: '${ . }' }
                      output: { as: '${ { number: $input.number, calls: ($input.calls + [.from]) } }' }
                  - third:
                      call: http
                      with: { method: post, endpoint: '%3$s', body: '${ . }' }
                      output: { as: '${ { number: $input.number, calls: ($input.calls + [.from]) } }' }
                """.formatted(name, eventSource, call);
    }
}

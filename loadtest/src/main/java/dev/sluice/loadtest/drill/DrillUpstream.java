package dev.sluice.loadtest.drill;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.web.KeepReading;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * An external API on 127.0.0.1 that writes down each call. It answers {@code POST /call/{workflow}/{number}/{step}} after 0.1 to 0.9
 * seconds, which depend on the idempotency key, with {@code {"call": serial}}: a repeated call is told from the first by
 * its serial. The first key of the flaky step is answered with 503, as often as it comes. Thread-safe.
 */
final class DrillUpstream implements AutoCloseable {

    /** Calls written down; one more is answered with 507, which fails its run and the drill. */
    static final int MAX_CALLS = 1_000_000;

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int LEAST_MILLIS = 100;
    private static final int SPREAD_MILLIS = 800;

    private final Map<String, Queue<Call>> calls = new ConcurrentHashMap<>();
    private final AtomicLong serials = new AtomicLong();
    private final Map<String, String> refused = new ConcurrentHashMap<>();
    private final DisposableServer server;

    DrillUpstream() {
        this.server = KeepReading.on(HttpServer.create())
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.post("/call/{workflow}/{number}/{step}", this::answer))
                .bindNow(LIMIT);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** All calls of a workflow so far, in the order in which they came. */
    List<Call> calls(String workflow) {
        return List.copyOf(calls.getOrDefault(workflow, new ConcurrentLinkedQueue<>()));
    }

    @Override
    public void close() {
        server.disposeNow(LIMIT);
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        String key = request.requestHeaders().get("idempotency-key", "");
        String workflow = Objects.requireNonNull(request.param("workflow"));
        int number = Integer.parseInt(Objects.requireNonNull(request.param("number")));
        String step = Objects.requireNonNull(request.param("step"));
        long serial = serials.incrementAndGet();
        if (serial > MAX_CALLS) {
            return response.status(507).send();
        }
        calls.computeIfAbsent(workflow, first -> new ConcurrentLinkedQueue<>())
                .add(new Call(key, number, step, serial, WallClock.now()));
        String run = workflow + "/" + number;
        boolean refuse = step.equals(Workload.FLAKY)
                && refused.computeIfAbsent(run, first -> key).equals(key);
        int latency = LEAST_MILLIS + Math.floorMod(key.hashCode(), SPREAD_MILLIS);
        return request.receive()
                .then(Mono.delay(Duration.ofMillis(latency)))
                .then(Mono.defer(() -> send(response.status(refuse ? 503 : 200), serial)));
    }

    private static Mono<Void> send(HttpServerResponse response, long serial) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .sendByteArray(Mono.just(Json.bytes(Json.object().put("call", serial))))
                .then();
    }
}

package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.web.KeepReading;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/** The outside world on loopback: answers, fails, hangs and talks without end. */
final class ScriptedUpstream implements AutoCloseable {

    /** Its own, since a stopping executor ends the JVM's shared ones. */
    private static final LoopResources LOOPS = LoopResources.create("upstream");

    final List<String> keys = new CopyOnWriteArrayList<>();
    /** Keys of the calls of {@code /moody}, in order. */
    final List<String> moodyKeys = new CopyOnWriteArrayList<>();

    /** What {@code /moody} answers with. */
    volatile int mood = 200;

    /** Counts the calls of {@code /held} that wait for {@link #release}. */
    final AtomicInteger held = new AtomicInteger();

    final Sinks.Empty<Void> release = Sinks.empty();
    final CountDownLatch hung = new CountDownLatch(1);
    private final CountDownLatch hangUp = new CountDownLatch(1);
    private final DisposableServer server;

    ScriptedUpstream() {
        server = KeepReading.on(HttpServer.create())
                .runOn(LOOPS)
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.post(
                                "/echo",
                                (request, response) -> response.header("Content-Type", "application/json")
                                        .send(request.receive()
                                                .retain()
                                                .doOnSubscribe(s -> keys.add(
                                                        request.requestHeaders().get("Idempotency-Key")))))
                        .get(
                                "/status/{code}",
                                (request, response) -> response.status(Integer.parseInt(request.param("code")))
                                        .send())
                        .post("/moody", (request, response) -> {
                            moodyKeys.add(request.requestHeaders().get("Idempotency-Key"));
                            return response.status(mood)
                                    .header("Content-Type", "application/json")
                                    .sendString(Mono.just("{\"mood\":" + mood + "}"));
                        })
                        .get("/held", (request, response) -> {
                            held.incrementAndGet();
                            return release.asMono()
                                    .then(response.header("Content-Type", "text/plain")
                                            .sendString(Mono.just("released"))
                                            .then());
                        })
                        .get(
                                "/large/{megabytes}",
                                (request, response) -> response.header("Content-Type", "application/json")
                                        .sendString(Flux.just("\"")
                                                .concatWith(Flux.range(
                                                                0, 1024 * Integer.parseInt(request.param("megabytes")))
                                                        .map(i -> "x".repeat(1024)))
                                                .concatWith(Flux.just("\""))))
                        .get("/hang", (request, response) -> {
                            request.withConnection(connection -> connection.onDispose(hangUp::countDown));
                            hung.countDown();
                            return Mono.never();
                        })
                        .get(
                                "/trace",
                                (request, response) -> response.header("Content-Type", "text/plain")
                                        .sendString(Mono.just(
                                                request.requestHeaders().get("traceparent", "none"))))
                        .get(
                                "/garbage",
                                (request, response) -> response.header("Content-Type", "application/json")
                                        .sendString(Mono.just("{\"half\":")))
                        .get(
                                "/endless",
                                (request, response) -> response.header("Content-Type", "text/plain")
                                        .sendString(
                                                Flux.range(0, Integer.MAX_VALUE).map(i -> "x".repeat(8192)))))
                .bindNow(Duration.ofSeconds(10));
    }

    /** Whether {@code /hang} is hung up on within a second from now; fails when it is not in the end. */
    boolean isHungUpWithinASecond() throws InterruptedException {
        boolean soon = hangUp.await(1, TimeUnit.SECONDS);
        assertThat(hangUp.await(RunningExecutor.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        return soon;
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(10));
    }
}

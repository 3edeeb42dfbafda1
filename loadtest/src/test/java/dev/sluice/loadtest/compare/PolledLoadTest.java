package dev.sluice.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

final class PolledLoadTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofMillis(10);
    private static final int QUESTIONS = 3;

    private final AtomicInteger started = new AtomicInteger();
    private final Map<String, Integer> questions = new ConcurrentHashMap<>();
    /** Starts workflows and tells their end when it is asked the third time; every other one comes to a bad end. */
    private final DisposableServer engine = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(routes -> routes.post(
                            "/start",
                            (request, response) ->
                                    response.sendString(Mono.fromSupplier(() -> "id" + started.incrementAndGet())))
                    .post(
                            "/refused",
                            (request, response) -> response.status(503).sendString(Mono.just("id")))
                    .post("/unknown", (request, response) -> response.sendString(Mono.just("nobody/here")))
                    .get("/workflow/{id}", (request, response) -> response.sendString(Mono.just(state(request.uri())))))
            .bindNow(DEADLINE);

    @AfterEach
    void stop() {
        engine.disposeNow(DEADLINE);
    }

    @Test
    void asksForTheEndOfWhatItStartedAndCountsBadEndsApart() {
        try (Load load = new Load()) {
            Figures figures = load.run(target("/start"), 4, Duration.ofMillis(300));

            assertThat(figures.succeeded() + figures.errors()).isEqualTo(started.get());
            assertThat(figures.succeeded()).isEqualTo((started.get() + 1) / 2);
            assertThat(figures.p50Micros()).isGreaterThanOrEqualTo(INTERVAL.toNanos() / 1_000 * (QUESTIONS - 1));
            assertThat(questions.values()).hasSize(started.get()).containsOnly(QUESTIONS);
        }
    }

    @Test
    void countsWhatWasNotStartedOrIsNotKnownAsErrors() {
        try (Load load = new Load()) {
            for (String path : new String[] {"/refused", "/unknown"}) {
                Figures figures = load.run(target(path), 2, Duration.ofMillis(100));
                assertThat(figures.succeeded()).isZero();
                assertThat(figures.errors()).isPositive();
            }
            assertThat(questions).isEmpty();
        }
    }

    private String state(String path) {
        if (questions.merge(path, 1, Integer::sum) < QUESTIONS) {
            return "running";
        }
        int number = Integer.parseInt(path.substring(path.lastIndexOf("id") + 2));
        return number % 2 == 1 ? "done" : "failed";
    }

    private Target target(String path) {
        URI server = URI.create("http://127.0.0.1:" + engine.port());
        var start = new Target.Http(server.resolve(path), Map.of(), "{}", "done");
        return new Target.Polled(start, id -> server.resolve("/workflow/" + id).toString(), INTERVAL, "running");
    }
}

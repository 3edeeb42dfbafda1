package dev.sluice.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.executor.ExecutorHttp;
import dev.sluice.gateway.executor.ExecutorSettings;
import dev.sluice.gateway.executor.Executors;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

final class UpstreamErrorsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @Test
    void answers503WhenNoStreamBecameFreeSinceNothingWasSent() {
        assertUnavailable(errorOfAFullPool());
    }

    private static void assertUnavailable(Throwable error) {
        assertThat(new UpstreamErrors("full", "away", "Server", "advice").translate(error))
                .as(error.toString())
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE));
    }

    /** What a request gets that waits while another holds the only stream. */
    private static Throwable errorOfAFullPool() {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .protocol(HttpProtocol.H2C)
                .handle((request, response) -> response.sendHeaders().then().then(Mono.never()))
                .bindNow();
        var settings = new ExecutorSettings(
                List.of(URI.create("http://127.0.0.1:" + server.port())),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(75),
                0,
                1,
                1,
                10,
                Duration.ofMillis(200),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5));
        var http = new ExecutorHttp(settings);
        var executors = new Executors(http, settings);
        try (http) {
            Flux<Integer> hanging = executors
                    .choose()
                    .client()
                    .get()
                    .uri("/")
                    .responseConnection((response, connection) ->
                            Flux.just(response.status().code()).concatWith(Flux.never()));
            Mono<Throwable> waiting = hanging.then(Mono.<Throwable>empty()).onErrorResume(Mono::just);
            return Objects.requireNonNull(hanging.switchMap(status -> waiting).blockFirst(DEADLINE));
        } finally {
            executors.dispose();
            server.disposeNow(Duration.ofSeconds(5));
        }
    }
}

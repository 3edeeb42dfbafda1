package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * What clients see of a gateway that stops. Its web server would wait longer than this test has patience, so what ends here
 * ends by itself. A class of its own: a stop ends the event loops of the whole JVM.
 */
final class StoppingIT {

    @Test
    void endsOpenEventStreamsAtOnceAndFinishesOtherRequests() throws Exception {
        try (var own = new ScriptedExecutor()) {
            var stopping = RunningGateway.start(
                    "sluice.executor.url=" + own.url(), "spring.lifecycle.timeout-per-shutdown-phase=2m");
            var followed = stopping.client()
                    .sendAsync(asked(stopping, "/v1/runs/x/events"), HttpResponse.BodyHandlers.ofInputStream())
                    .get(RunningGateway.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            var slow =
                    stopping.client().sendAsync(asked(stopping, "/v1/runs/slow"), HttpResponse.BodyHandlers.ofString());
            own.awaitSlow();

            CompletableFuture<?> stopped = Mono.fromRunnable(
                            () -> stopping.context().close())
                    .subscribeOn(Schedulers.boundedElastic())
                    .toFuture();

            // The end of the body, not a broken connection, which would be an exception.
            assertThat(new String(followed.body().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(": open\n\n");
            assertThat(slow).isNotDone();
            assertThat(stopped).isNotDone();
            own.answerSlow();
            assertThat(slow.get(RunningGateway.DEADLINE.toSeconds(), TimeUnit.SECONDS)
                            .body())
                    .isEqualTo("{\"slow\":true}");
            stopped.get(RunningGateway.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static HttpRequest asked(RunningGateway gateway, String path) {
        return gateway.request(path)
                .header("Authorization", "Bearer " + RunningGateway.PLATFORM_KEY)
                .build();
    }
}

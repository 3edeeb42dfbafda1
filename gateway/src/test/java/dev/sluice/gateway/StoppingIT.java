package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What clients see of a gateway that stops. A class of its own: a stop ends the event loops of the whole JVM. */
final class StoppingIT {

    /** Below the ten seconds that the web server waits for what is open. */
    private static final Duration SOON = Duration.ofSeconds(9);

    @Test
    void endsOpenEventStreamsAtOnceWhenItStops() throws Exception {
        try (var own = new ScriptedExecutor();
                var stopping = RunningGateway.start("sluice.executor.url=" + own.url())) {
            var response = stopping.client()
                    .sendAsync(
                            stopping.request("/v1/runs/x/events")
                                    .header("Authorization", "Bearer " + RunningGateway.PLATFORM_KEY)
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream())
                    .get(RunningGateway.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            long start = System.nanoTime();
            stopping.context().close();

            // The end of the body, not a broken connection, which would be an exception.
            assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(": open\n\n");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        }
    }
}

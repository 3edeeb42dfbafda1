package dev.sluice.gateway;

import static dev.sluice.gateway.RawHttp2.GOAWAY;
import static dev.sluice.gateway.RawHttp2.PING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RawHttp2.Frame;
import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What clients of HTTP/2 see of a gateway that stops. A class of its own: a stop ends the event loops of the whole JVM. */
@Timeout(120)
final class Http2StoppingIT {

    private static final String BEARER = "Bearer " + RunningGateway.PLATFORM_KEY;

    @Test
    void saysThatItTakesNoMoreAndFinishesWhatItHasTaken() throws Exception {
        try (var own = new ScriptedExecutor()) {
            var stopping = RunningGateway.start(
                    "sluice.executor.url=" + own.url(), "spring.lifecycle.timeout-per-shutdown-phase=2m");
            try (RawHttp2 busy = RawHttp2.connected(stopping.port());
                    RawHttp2 idle = RawHttp2.connected(stopping.port())) {
                idle.get(1, "/v1/events", "authorization", BEARER);
                assertThat(idle.status(1)).isEqualTo("200");
                idle.await(Frame::isEnd);
                busy.get(1, "/v1/runs/x/events", "authorization", BEARER);
                assertThat(busy.status(1)).isEqualTo("200");
                busy.get(3, "/v1/runs/slow", "authorization", BEARER);
                own.awaitSlow();

                CompletableFuture<?> stopped = Mono.fromRunnable(
                                () -> stopping.context().close())
                        .subscribeOn(Schedulers.boundedElastic())
                        .toFuture();
                Frame first = busy.await(GOAWAY, 0);
                assertThat(first.error()).isEqualTo(Http2Error.NO_ERROR);
                assertThat(first.lastStream()).isEqualTo(Integer.MAX_VALUE);
                Frame ping = busy.await(PING, 0);
                // What was under way while it said so.
                busy.get(5, "/v1/events", "authorization", BEARER);
                assertThat(busy.status(5)).isEqualTo("200");
                busy.frame(PING, 1, 0, ping.payload().array());
                assertThat(busy.await(GOAWAY, 0).lastStream()).isEqualTo(5);
                // Who has nothing under way need not wait for those who have.
                idle.frame(PING, 1, 0, idle.await(PING, 0).payload().array());
                assertThat(idle.untilClosed()).anyMatch(frame -> frame.type() == GOAWAY && frame.lastStream() == 1);
                assertThat(stopped).isNotDone();
                own.answerSlow();
                assertThat(busy.status(3)).isEqualTo("200");
                assertThat(busy.untilClosed()).anyMatch(frame -> frame.stream() == 3 && frame.isEnd());
                stopped.get(RunningGateway.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }
}

package dev.sluice.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.upstream.UpstreamSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LoadTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @Test
    void keepsCallersBusyAndCountsGoodAnswersApartFromOthers() {
        try (UpstreamSimulator upstream = upstream();
                Load load = new Load()) {
            Figures good = load.run(to(upstream, "/answer?latencyMillis=20", "padding"), 4, Duration.ofMillis(500));
            assertThat(good.errors()).isZero();
            assertThat(good.succeeded()).isBetween(4L, 120L);
            assertThat(good.p50Micros()).isGreaterThanOrEqualTo(20_000);
            assertThat(good.seconds()).isGreaterThanOrEqualTo(0.5);
            // A caller may have its answer, and ask again, a moment before the upstream has done with the former
            // request.
            assertThat(upstream.stats().maxInFlight()).isBetween(4L, 8L);

            assertThat(load.run(to(upstream, "/?status=503", "padding"), 2, Duration.ofMillis(100)))
                    .satisfies(refused -> assertThat(refused.succeeded()).isZero())
                    .satisfies(refused -> assertThat(refused.errors()).isPositive());
            assertThat(load.run(to(upstream, "/answer", "another text"), 2, Duration.ofMillis(100))
                            .succeeded())
                    .isZero();
        }
    }

    @Test
    void countsNobodyThatListensAsErrors() {
        URI nobody;
        try (UpstreamSimulator upstream = upstream()) {
            nobody = upstream.uri();
        }
        try (Load load = new Load()) {
            Figures figures = load.run(new Target.Http(nobody, Map.of(), "", ""), 1, Duration.ofMillis(50));
            assertThat(figures.succeeded()).isZero();
            assertThat(figures.errors()).isPositive();
        }
    }

    private static UpstreamSimulator upstream() {
        return UpstreamSimulator.start("127.0.0.1", 0).blockOptional(DEADLINE).orElseThrow();
    }

    private static Target to(UpstreamSimulator upstream, String target, String expected) {
        return new Target.Http(upstream.uri().resolve(target), Map.of("X-Caller", "test"), "{}", expected);
    }
}

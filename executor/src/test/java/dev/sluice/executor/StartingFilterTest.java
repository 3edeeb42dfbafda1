package dev.sluice.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class StartingFilterTest {

    @Test
    void letsNothingThroughBeforeTheStartIsComplete() {
        AtomicBoolean started = new AtomicBoolean();
        AtomicBoolean passed = new AtomicBoolean();
        WebFilterChain chain = exchange -> Mono.fromRunnable(() -> passed.set(true));
        StartingFilter filter = new StartingFilter(started::get);
        MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/v1/runs"));

        filter.filter(exchange, chain)
                .as(StepVerifier::create)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(SluiceException.class, problem -> {
                            assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE);
                            assertThat(problem.retryAfter()).isPositive();
                        }))
                .verify(Duration.ofSeconds(5));
        assertThat(passed).isFalse();

        started.set(true);
        filter.filter(exchange, chain).as(StepVerifier::create).expectComplete().verify(Duration.ofSeconds(5));
        assertThat(passed).isTrue();
    }
}

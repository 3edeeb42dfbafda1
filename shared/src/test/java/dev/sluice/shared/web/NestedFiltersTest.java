package dev.sluice.shared.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Filters one inside the other. */
final class NestedFiltersTest {

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final List<String> seen = new ArrayList<>();
    private final ServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/a"));

    @Test
    void areAskedInTheirOrderAndEndInTheOpposite() {
        run(new NestedFilters(List.of(noting("a"), noting("b"))));
        assertThat(seen).containsExactly("a begins", "b begins", "/a", "b ends", "a ends");
    }

    @Test
    void areNotAskedBeforeSomebodySubscribes() {
        Mono<Void> filtered = new NestedFilters(List.of(noting("a"))).filter(exchange, this::end);
        assertThat(seen).isEmpty();
        filtered.as(StepVerifier::create).expectComplete().verify(DEADLINE);
        assertThat(seen).hasSize(3);
    }

    /** What stands behind a decision is not even asked before that is made. */
    @Test
    void waitForWhatTheOneBeforeThemWaitsFor() {
        WebFilter refusing = (exchange, chain) ->
                Mono.error(new IllegalStateException("refused")).then(chain.filter(exchange));
        new NestedFilters(List.of(refusing, noting("b")))
                .filter(exchange, this::end)
                .as(StepVerifier::create)
                .expectErrorMessage("refused")
                .verify(DEADLINE);
        assertThat(seen).isEmpty();
    }

    @Test
    void handOnTheExchangeOfTheOneBeforeThem() {
        WebFilter other = (exchange, chain) -> {
            ServerHttpRequest request =
                    exchange.getRequest().mutate().path("/b").build();
            return chain.filter(exchange.mutate().request(request).build());
        };
        run(new NestedFilters(List.of(other, noting("b"))));
        assertThat(seen).containsExactly("b begins", "/b", "b ends");
    }

    @Test
    void areNothingWhereThereAreNone() {
        run(new NestedFilters(List.of()));
        assertThat(seen).containsExactly("/a");
    }

    private void run(WebFilter filter) {
        filter.filter(exchange, this::end)
                .as(StepVerifier::create)
                .expectComplete()
                .verify(DEADLINE);
    }

    private WebFilter noting(String name) {
        return (exchange, chain) -> {
            seen.add(name + " begins");
            return chain.filter(exchange).doOnSuccess(done -> seen.add(name + " ends"));
        };
    }

    private Mono<Void> end(ServerWebExchange exchange) {
        return Mono.fromRunnable(() -> seen.add(exchange.getRequest().getURI().getPath()));
    }
}

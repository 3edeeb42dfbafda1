package dev.sluice.gateway.routing;

import dev.sluice.gateway.access.OwnPath;
import dev.sluice.gateway.access.Route;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Measures requests until the head of their answer leaves, so that a stream counts for how soon it begins:
 * {@code sluice.requests}, by who serves them and by the first digit of the status. Those whose client did not wait are not
 * counted; webhooks have meters of their own.
 */
public final class RequestMeter implements WebFilter {

    private static final String NAME = "sluice.requests";
    private static final int CLASSES = 5;
    private static final Duration[] BOUNDARIES = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final List<Timer> gateway;
    private final List<Timer> executor;
    private final List<Timer> upstream;

    /** Meters in this registry. */
    public RequestMeter(MeterRegistry registry) {
        this.gateway = timers(registry, "gateway");
        this.executor = timers(registry, "executor");
        this.upstream = timers(registry, "upstream");
    }

    private static List<Timer> timers(MeterRegistry registry, String server) {
        return IntStream.rangeClosed(1, CLASSES)
                .mapToObj(digit -> timer(registry, server, digit))
                .toList();
    }

    private static Timer timer(MeterRegistry registry, String server, int digit) {
        return Timer.builder(NAME)
                .description("Requests, until the head of their answer")
                .tag("server", server)
                .tag("status", digit + "xx")
                .serviceLevelObjectives(BOUNDARIES)
                .register(registry);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(() -> {
            long begun = System.nanoTime();
            exchange.getResponse().beforeCommit(() -> {
                timer(exchange).record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
                return Mono.empty();
            });
            return chain.filter(exchange);
        });
    }

    private Timer timer(ServerWebExchange exchange) {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        int first = status == null ? 2 : Math.min(status.value() / 100, CLASSES);
        return timers(exchange).get(first - 1);
    }

    /** Of who serves it. */
    private List<Timer> timers(ServerWebExchange exchange) {
        if (OwnPath.find(exchange).isPresent()) {
            return upstream;
        }
        return Route.find(exchange).filter(Route::elsewhere).isPresent() ? executor : gateway;
    }
}

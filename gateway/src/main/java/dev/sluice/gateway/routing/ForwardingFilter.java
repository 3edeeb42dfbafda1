package dev.sluice.gateway.routing;

import dev.sluice.shared.outbound.Unprocessed;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Passes an exchange on to its {@link Destination} and brings the answer back. It takes the place of the filters that Spring
 * Cloud Gateway has for this (ADR 36 has the figures).
 */
public final class ForwardingFilter implements GlobalFilter, Ordered {

    /** Behind all others. */
    static final int ORDER = Ordered.LOWEST_PRECEDENCE;

    /** Before another attempt, doubled for each; of these, half at least. */
    private static final long PAUSE_MILLIS = 50;

    /** Of what a server of HTTP/2 did not process, besides the destination's own. */
    private static final int MOST_UNPROCESSED = 2;

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return Mono.defer(() -> {
            Destination destination = Destination.of(exchange);
            return attempt(exchange, destination, 0, 0).onErrorMap(destination::explain);
        });
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    private static Mono<Void> attempt(
            ServerWebExchange exchange, Destination destination, int number, int unprocessed) {
        Forwarding forwarding = new Forwarding(exchange, destination, number >= destination.retries());
        return forwarding
                .run()
                .onErrorResume(
                        error -> forwarding.isRepeatable(error) && unprocessed < MOST_UNPROCESSED,
                        error -> Mono.delay(pause(number + unprocessed))
                                .then(Mono.defer(() -> error instanceof Unprocessed
                                        ? attempt(exchange, destination, number, unprocessed + 1)
                                        : attempt(exchange, destination, number + 1, unprocessed))));
    }

    private static Duration pause(int number) {
        long most = PAUSE_MILLIS << number;
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    }
}

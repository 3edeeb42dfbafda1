package dev.sluice.executor;

import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Answers 503 until the database is migrated: nothing may meet tables that are not there yet. */
final class StartingFilter implements WebFilter {

    private static final Duration SOON = Duration.ofSeconds(2);

    private final BooleanSupplier started;

    StartingFilter(BooleanSupplier started) {
        this.started = started;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return started.getAsBoolean()
                ? chain.filter(exchange)
                : Mono.error(() -> SluiceException.unavailable("The executor is starting.", SOON, null));
    }
}

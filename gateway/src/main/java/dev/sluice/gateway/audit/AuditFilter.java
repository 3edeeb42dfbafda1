package dev.sluice.gateway.audit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.OwnPath;
import dev.sluice.gateway.access.Route;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Records what is refused for want of a permission, and what executors change; the gateway's own services record their
 * changes themselves, in the same transaction. The answer leaves once the entry is
 * committed; when it cannot be, the caller gets the error instead. Stands in front of the check of permissions.
 */
public final class AuditFilter implements WebFilter {

    private static final int MAX_SUBJECT = 500;
    private static final int MAX_RECENT = 10_000;
    private static final Duration ONCE_IN = Duration.ofSeconds(1);

    private final Audit audit;

    /** Refusals that were just recorded: whoever tries doors in a loop writes no more than a line a second for each. */
    private final Cache<String, Boolean> recent = Caffeine.newBuilder()
            .maximumSize(MAX_RECENT)
            .expireAfterWrite(ONCE_IN)
            .executor(Runnable::run)
            .build();

    /** A filter that records there. */
    public AuditFilter(Audit audit) {
        this.audit = audit;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(
                () -> Authenticated.find(exchange).isEmpty() ? chain.filter(exchange) : recorded(exchange, chain));
    }

    private Mono<Void> recorded(ServerWebExchange exchange, WebFilterChain chain) {
        AtomicBoolean refused = new AtomicBoolean();
        exchange.getResponse().beforeCommit(() -> refused.get() ? Mono.empty() : passedOn(exchange));
        return chain.filter(exchange).onErrorResume(AuditFilter::isDenied, error -> {
            refused.set(true);
            return append(exchange, true).then(Mono.error(error));
        });
    }

    private Mono<Void> passedOn(ServerWebExchange exchange) {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        if (status == null || Route.find(exchange).filter(Route::elsewhere).isEmpty()) {
            return Mono.empty();
        }
        if (status.isSameCodeAs(HttpStatus.FORBIDDEN)) {
            return append(exchange, true);
        }
        boolean changed = Route.find(exchange).filter(Route::changesElsewhere).isPresent();
        return changed && status.is2xxSuccessful() ? append(exchange, false) : Mono.empty();
    }

    private Mono<Void> append(ServerWebExchange exchange, boolean denied) {
        Origin origin = Origin.of(exchange);
        String action = Route.find(exchange)
                .map(Route::name)
                .or(() -> OwnPath.find(exchange).map(OwnPath::name))
                .orElse("unknown");
        String refusal = origin.author().actor() + ' ' + action;
        if (denied && recent.asMap().putIfAbsent(refusal, true) != null) {
            return Mono.empty();
        }
        String path = exchange.getRequest().getURI().getRawPath();
        String subject =
                exchange.getRequest().getMethod() + " " + path.substring(0, Math.min(path.length(), MAX_SUBJECT));
        // Whoever hangs up now has changed something all the same.
        return Mono.fromFuture(
                        () -> audit.append(origin, action, subject, denied).toFuture(), true)
                .doOnError(error -> recent.invalidate(refusal));
    }

    private static boolean isDenied(Throwable error) {
        return error instanceof SluiceException problem && problem.type() == ProblemType.FORBIDDEN;
    }
}

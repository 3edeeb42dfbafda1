package dev.sluice.gateway.routing;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/**
 * Says what went wrong on the way to an executor: 503 when the pool is full or nobody listens there (nothing was sent),
 * 504 when no response came in time, 502 when the connection broke.
 */
public final class UpstreamErrorFilter implements GlobalFilter, Ordered {

    /** Outside of all filters that talk to the executor. */
    static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

    private static final Duration SOON = Duration.ofSeconds(1);

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange).onErrorMap(UpstreamErrorFilter::translate);
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    static Throwable translate(Throwable error) {
        return switch (error) {
            case PoolAcquirePendingLimitException full -> full(full);
            case PoolAcquireTimeoutException full -> full(full);
            case ConnectException away -> away(away);
            case UnknownHostException away -> away(away);
            case TimeoutException late -> late(late);
            case ResponseStatusException status -> ofStatus(status);
            case IOException broken -> broken(broken);
            default -> error;
        };
    }

    /** Spring Cloud Gateway says so when its response timeout is over, and of every other timeout. */
    private static Throwable ofStatus(ResponseStatusException status) {
        if (status.getCause() instanceof PoolAcquireTimeoutException full) {
            return full(full);
        }
        return status.getStatusCode().isSameCodeAs(HttpStatus.GATEWAY_TIMEOUT) ? late(status) : status;
    }

    private static SluiceException full(Throwable cause) {
        return SluiceException.unavailable("All connections to the executors are in use.", SOON, cause);
    }

    private static SluiceException away(Throwable cause) {
        return SluiceException.unavailable("No executor can be reached; nothing was started.", SOON, cause);
    }

    private static SluiceException late(Throwable cause) {
        return retryable(
                ProblemType.GATEWAY_TIMEOUT,
                "The executor did not answer in time; the request may have had its effect. A repetition with the same"
                        + " Idempotency-Key is safe.",
                cause);
    }

    private static SluiceException broken(Throwable cause) {
        return retryable(
                ProblemType.BAD_GATEWAY,
                "The connection to the executor broke; the request may have had its effect. A repetition with the same"
                        + " Idempotency-Key is safe.",
                cause);
    }

    private static SluiceException retryable(ProblemType type, String detail, Throwable cause) {
        return new SluiceException(type, detail, List.of(), Map.of(), SOON, cause);
    }
}

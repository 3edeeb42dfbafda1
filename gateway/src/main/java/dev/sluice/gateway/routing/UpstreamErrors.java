package dev.sluice.gateway.routing;

import dev.sluice.shared.outbound.OutboundException;
import dev.sluice.shared.outbound.Unprocessed;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import reactor.netty.channel.AbortedException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/**
 * Says what went wrong on the way to another server: 503 when the pool is full or nobody listens there (nothing was sent),
 * 504 when no answer came in time, 502 when the connection broke.
 *
 * @param full   what is in use then
 * @param away   who cannot be reached
 * @param server who did not answer
 * @param advice what to do when nobody knows whether it had an effect
 */
record UpstreamErrors(String full, String away, String server, String advice) {

    private static final Duration SOON = Duration.ofSeconds(1);

    Throwable translate(Throwable error) {
        return switch (error) {
            case PoolAcquirePendingLimitException busy -> unavailable(full, busy);
            case PoolAcquireTimeoutException busy -> unavailable(full, busy);
            case OutboundException refused -> unavailable(away + " " + refused.getMessage(), refused);
            case ConnectException refused -> unavailable(away, refused);
            case UnknownHostException unknown -> unavailable(away, unknown);
            case TimeoutException late ->
                retryable(ProblemType.GATEWAY_TIMEOUT, server + " did not answer in time; " + advice, late);
            case IOException broken -> broken(broken);
            case AbortedException broken -> broken(broken);
            case Unprocessed refused -> unavailable(away, refused);
            case Forwarding.Unwell unwell -> unavailable(away, unwell);
            default -> error;
        };
    }

    private SluiceException broken(Throwable cause) {
        return retryable(ProblemType.BAD_GATEWAY, "The connection to " + lower(server) + " broke; " + advice, cause);
    }

    private static SluiceException unavailable(String detail, Throwable cause) {
        return SluiceException.unavailable(detail, SOON, cause);
    }

    private static String lower(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    private static SluiceException retryable(ProblemType type, String detail, Throwable cause) {
        return new SluiceException(type, detail, List.of(), Map.of(), SOON, cause);
    }
}

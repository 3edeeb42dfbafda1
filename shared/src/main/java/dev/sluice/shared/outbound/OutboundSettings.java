package dev.sluice.shared.outbound;

import java.time.Duration;

/**
 * The bounds of an {@link OutboundClient}.
 *
 * @param maxExchanges          exchanges under way at once, over all hosts
 * @param maxConnectionsPerHost connections to one host and port
 * @param maxPendingPerHost     exchanges waiting for a connection to one host and port
 * @param connectTimeout        for one TCP connection
 * @param maxIdle               how long a connection is kept for reuse
 */
public record OutboundSettings(
        int maxExchanges, int maxConnectionsPerHost, int maxPendingPerHost, Duration connectTimeout, Duration maxIdle) {

    /** What a node uses unless told otherwise. */
    public static final OutboundSettings DEFAULT =
            new OutboundSettings(20_000, 2_000, 20_000, Duration.ofSeconds(5), Duration.ofSeconds(15));

    /** Validates that every bound is one. */
    public OutboundSettings {
        require(maxExchanges > 0, "maxExchanges: " + maxExchanges);
        require(maxConnectionsPerHost > 0, "maxConnectionsPerHost: " + maxConnectionsPerHost);
        require(maxPendingPerHost >= 0, "maxPendingPerHost: " + maxPendingPerHost);
        require(connectTimeout.isPositive(), "connectTimeout: " + connectTimeout);
        require(maxIdle.isPositive(), "maxIdle: " + maxIdle);
    }

    /** The same with another bound on connections to one host and port. */
    public OutboundSettings withConnectionsPerHost(int connections) {
        return new OutboundSettings(maxExchanges, connections, maxPendingPerHost, connectTimeout, maxIdle);
    }

    /** The same with another bound on exchanges, all of which may wait for one host. */
    public OutboundSettings withExchanges(int exchanges) {
        return new OutboundSettings(exchanges, maxConnectionsPerHost, exchanges, connectTimeout, maxIdle);
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalArgumentException(what + " (expected: > 0)");
        }
    }
}

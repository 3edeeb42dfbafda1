package dev.sluice.shared.redis;

import java.net.URI;
import java.time.Duration;

/**
 * Where Redis is and what bounds its use.
 *
 * @param url              {@code redis://[:password@]host:port}
 * @param commandTimeout   after which a command fails; also bounds connecting
 * @param requestQueueSize commands under way at once; one more fails at once
 * @param maxStreamLength  entries in one organization's stream; more stay in PostgreSQL
 */
public record RedisSettings(URI url, Duration commandTimeout, int requestQueueSize, int maxStreamLength) {

    /** Validates the bounds. */
    public RedisSettings {
        if (!commandTimeout.isPositive() || requestQueueSize < 1 || maxStreamLength < 1) {
            throw new IllegalArgumentException("commandTimeout: " + commandTimeout + ", requestQueueSize: "
                    + requestQueueSize + ", maxStreamLength: " + maxStreamLength + " (expected: > 0)");
        }
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "RedisSettings[" + url.getHost() + ':' + url.getPort() + ']';
    }
}

package dev.sluice.gateway.http2;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What clients may hold of the gateway by HTTP/2.
 *
 * @param maxStreams  requests and event streams at once on one connection (RFC 9113, section 5.1.2); one more is refused
 * @param maxRequests those of all connections together; one more is refused, unprocessed. On HTTP/1.1 each has a connection
 *                    of its own, and the bound on those is theirs
 * @param window      bytes of a body that come before somebody reads them; a connection's window has room for all its streams
 * @param maxResets   streams of one connection that are broken off in half a minute, by the client, or by the gateway for what
 *                    the client does (CVE-2023-44487, CVE-2025-8671)
 * @param maxOverhead frames in ten seconds that bring nothing, such as PING and SETTINGS
 * @param maxAge      after which a connection takes no new requests, so that new gateways get their share; those under way stay
 *                    on it to their end
 */
public record Http2Limits(
        @DefaultValue("250") @Positive int maxStreams,
        @DefaultValue("20000") @Positive int maxRequests,
        @DefaultValue("64KB") @NotNull DataSize window,
        @DefaultValue("200") @Positive int maxResets,
        @DefaultValue("1000") @Positive int maxOverhead,
        @DefaultValue("10m") @NotNull Duration maxAge) {

    /** What a gateway has unless told otherwise. */
    public static final Http2Limits DEFAULT =
            new Http2Limits(250, 20_000, DataSize.ofKilobytes(64), 200, 1000, Duration.ofMinutes(10));

    /** As much as may be added to what a connection's window is at first (RFC 9113, section 6.9). */
    private static final long MAX_WINDOW = Integer.MAX_VALUE - 65_535L;

    /** Requires windows that there are, and an age. */
    public Http2Limits {
        long all = Math.multiplyExact(window.toBytes(), (long) maxStreams);
        if (window.toBytes() < 1024 || all > MAX_WINDOW) {
            throw new IllegalArgumentException(
                    "window: " + window + " (expected: at least 1KB, and with max-streams of it less than 2GB)");
        }
        if (!maxAge.isPositive()) {
            throw new IllegalArgumentException("maxAge: " + maxAge + " (expected: > 0)");
        }
    }

    int windowBytes() {
        return (int) window.toBytes();
    }

    /** Of a connection. */
    int connectionWindowBytes() {
        return windowBytes() * maxStreams;
    }
}

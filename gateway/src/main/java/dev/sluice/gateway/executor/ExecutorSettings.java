package dev.sluice.gateway.executor;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the executors are and how much of them one gateway uses.
 *
 * @param url              {@code http://host:port} of each executor, or of a name that has the addresses of several
 * @param resolveEvery     names are looked up again, so that executors come and go
 * @param connectTimeout   to make a connection
 * @param responseTimeout  until the headers of a response come; longer than the longest {@code Prefer: wait}
 * @param minConnections   connections kept while there are requests, so that a balancer has something to spread
 * @param maxConnections   HTTP/2 connections
 * @param maxStreams       requests and event streams at once on one connection
 * @param maxPending       requests beyond these that wait for a stream; one more is refused
 * @param acquireTimeout   how long they wait
 * @param maxIdle          after which an unused connection is closed
 * @param maxLife          after which a connection takes no new requests, so that new executors get their share; streams
 *                         under way stay on it to their end
 */
@Validated
@ConfigurationProperties("sluice.executor")
public record ExecutorSettings(
        @DefaultValue("http://127.0.0.1:8081") @NotEmpty List<URI> url,
        @DefaultValue("5s") @NotNull Duration resolveEvery,
        @DefaultValue("2s") @NotNull Duration connectTimeout,
        @DefaultValue("75s") @NotNull Duration responseTimeout,
        @DefaultValue("4") @PositiveOrZero int minConnections,
        @DefaultValue("16") @Positive int maxConnections,
        @DefaultValue("1000") @Positive @Max(10_000) int maxStreams,
        @DefaultValue("1000") @Positive int maxPending,
        @DefaultValue("2s") @NotNull Duration acquireTimeout,
        @DefaultValue("30s") @NotNull Duration maxIdle,
        @DefaultValue("5m") @NotNull Duration maxLife) {

    public ExecutorSettings {
        url = List.copyOf(url);
        url.forEach(ExecutorSettings::requireAddress);
        if (minConnections > maxConnections) {
            throw new IllegalArgumentException(
                    "minConnections: " + minConnections + " (expected: up to maxConnections, " + maxConnections + ")");
        }
    }

    private static void requireAddress(URI url) {
        if (!"http".equals(url.getScheme())
                || url.getHost() == null
                || !url.getPath().isEmpty()) {
            throw new IllegalArgumentException("url: " + url + " (expected: http://host:port)");
        }
    }

    /** Requests and event streams that may be under way or waiting at once, with each executor. */
    public int capacity() {
        return Math.addExact(Math.multiplyExact(maxConnections, maxStreams), maxPending);
    }
}

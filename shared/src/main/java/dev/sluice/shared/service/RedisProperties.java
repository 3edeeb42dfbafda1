package dev.sluice.shared.service;

import dev.sluice.shared.redis.RedisSettings;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Redis as a service uses it.
 *
 * @param url              {@code redis://[:password@]host:port}
 * @param commandTimeout   for one command
 * @param requestQueueSize commands under way at once
 * @param maxStreamLength  ids of one organization that wait in Redis; more stay in PostgreSQL
 */
@Validated
@ConfigurationProperties("sluice.redis")
public record RedisProperties(
        @NotNull URI url,
        @DefaultValue("1s") @NotNull Duration commandTimeout,
        @DefaultValue("1000") @Positive int requestQueueSize,
        @DefaultValue("100000") @Positive int maxStreamLength) {

    /** For the client. */
    public RedisSettings settings() {
        return new RedisSettings(url, commandTimeout, requestQueueSize, maxStreamLength);
    }

    /** Without the address, which may hold a password. */
    @Override
    public String toString() {
        return "RedisProperties[]";
    }
}

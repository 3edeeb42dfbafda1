package dev.sluice.gateway.edge;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What a client may hold of the gateway, and for how long.
 *
 * @param maxConnections connections at once; one more is closed as soon as it is made
 * @param headerTimeout  from the first byte of a request to the end of its headers
 * @param bodyTimeout    from there to the end of its body
 * @param readTimeout    for a client to take some tens of kilobytes off a response that waits for it
 */
@Validated
@ConfigurationProperties("sluice.edge")
public record EdgeSettings(
        @DefaultValue("20000") @Positive int maxConnections,
        @DefaultValue("10s") @NotNull Duration headerTimeout,
        @DefaultValue("30s") @NotNull Duration bodyTimeout,
        @DefaultValue("30s") @NotNull Duration readTimeout) {}

package dev.sluice.gateway.deletion;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How organizations end.
 *
 * @param delay from the request until it is carried out; so long it may be called off. At least a minute, in which everything that
 *             was under way when the organization was closed is over
 */
@Validated
@ConfigurationProperties("sluice.deletion")
public record DeletionSettings(@DefaultValue("7d") @NotNull Duration delay) {

    private static final Duration LEAST = Duration.ofMinutes(1);

    public DeletionSettings {
        if (delay.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("delay: " + delay + " (expected: >= " + LEAST + ")");
        }
    }
}

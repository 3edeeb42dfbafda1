package dev.sluice.gateway.ingress;

import dev.sluice.gateway.lookup.LookupSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How webhooks are taken in.
 *
 * @param publicUrl       address of the gateway as senders see it
 * @param maxBody         longest body of a delivery
 * @param maxBuffered     bytes of all bodies in memory, from the moment they are read to their commit; more are refused
 * @param maxUnpublished  ids of stored events that wait to be published to Redis; more are left to the reconciler
 * @param publishTimeout  for one publication
 * @param monthsAhead     partitions of the event table made before they are needed
 * @param retention       how long events are kept at least, received ones; a week, since repeated deliveries are answered with them
 * @param endpoints       the cache of endpoints with their opened secrets
 */
@Validated
@ConfigurationProperties("sluice.ingress")
public record IngressSettings(
        @DefaultValue("http://127.0.0.1:8080") @NotNull URI publicUrl,
        @DefaultValue("1MB") @NotNull DataSize maxBody,
        @DefaultValue("64MB") @NotNull DataSize maxBuffered,
        @DefaultValue("20000") @Positive int maxUnpublished,
        @DefaultValue("2s") @NotNull Duration publishTimeout,
        @DefaultValue("3") @Positive @Max(24) int monthsAhead,
        @DefaultValue("30d") @NotNull Duration retention,
        @DefaultValue @Valid LookupSettings endpoints) {

    private static final Duration LEAST_RETENTION = Duration.ofDays(7);

    public IngressSettings {
        if (retention.compareTo(LEAST_RETENTION) < 0) {
            throw new IllegalArgumentException("retention: " + retention + " (expected: >= " + LEAST_RETENTION + ")");
        }
    }
}

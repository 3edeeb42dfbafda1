package dev.sluice.gateway.quota;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How quotas are kept.
 *
 * @param maxOrganizations whose use one gateway remembers at once, of each kind; about 500 bytes each, for as long as there was a
 *                         use in the last 15 minutes. One more waits for its turn to be refused with 503
 */
@Validated
@ConfigurationProperties("sluice.quota")
public record QuotaSettings(
        @DefaultValue("100000") @Positive @Max(10_000_000) int maxOrganizations) {}

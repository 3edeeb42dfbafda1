package dev.sluice.gateway.identity;

import dev.sluice.gateway.lookup.LookupSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How callers are recognised.
 *
 * @param bootstrapApiKey key with platform scope that the gateway makes sure exists, for organization "default"; empty for none
 * @param keys            the cache of keys
 */
@Validated
@ConfigurationProperties("sluice.identity")
public record IdentitySettings(
        @DefaultValue("")
        @Pattern(regexp = "|[!-~]{32,200}", message = "32 to 200 visible ASCII characters are expected")
        String bootstrapApiKey,

        @DefaultValue @Valid LookupSettings keys) {

    /** Without the key. */
    @Override
    public String toString() {
        return "IdentitySettings[keys=" + keys + "]";
    }
}

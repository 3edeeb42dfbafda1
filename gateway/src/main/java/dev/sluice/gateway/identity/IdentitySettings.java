package dev.sluice.gateway.identity;

import dev.sluice.gateway.login.ProviderSettings;
import dev.sluice.gateway.lookup.LookupSettings;
import dev.sluice.gateway.session.SessionSettings;
import dev.sluice.gateway.token.IssuerSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How callers are recognised.
 *
 * @param bootstrapApiKey key with platform scope that the gateway makes sure exists, for organization "default"; empty for none
 * @param keys            the cache of keys
 * @param sessions        how long people stay logged in
 * @param issuers         OpenID providers whose tokens are taken
 * @param loginProviders  by whom people log in
 */
@Validated
@ConfigurationProperties("sluice.identity")
public record IdentitySettings(
        @DefaultValue("")
        @Pattern(regexp = "|[!-~]{32,200}", message = "32 to 200 visible ASCII characters are expected")
        String bootstrapApiKey,

        @DefaultValue @Valid LookupSettings keys,
        @DefaultValue @Valid SessionSettings sessions,
        @DefaultValue List<@Valid IssuerSettings> issuers,
        @DefaultValue List<@Valid ProviderSettings> loginProviders) {

    public IdentitySettings {
        issuers = List.copyOf(issuers);
        if (issuers.stream().map(IssuerSettings::url).distinct().count() < issuers.size()) {
            throw new IllegalArgumentException("issuers: two have the same url (expected: each once)");
        }
        loginProviders = List.copyOf(loginProviders);
        if (loginProviders.stream().map(ProviderSettings::id).distinct().count() < loginProviders.size()) {
            throw new IllegalArgumentException("login-providers: two have the same id (expected: each once)");
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "IdentitySettings[keys=" + keys + ", sessions=" + sessions + ", issuers=" + issuers + ", loginProviders="
                + loginProviders + "]";
    }
}

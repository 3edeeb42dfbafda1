package dev.sluice.gateway.login;

import dev.sluice.gateway.token.IssuerSettings.Algorithm;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A provider by which people log in.
 *
 * @param id           in our addresses; its redirect URI is {@code <public URL>/v1/login-providers/<id>/callback}
 * @param preset       one of those that are known; absent for any other OpenID provider
 * @param name         for people's eyes; the id when it is empty
 * @param issuer       exactly as in {@code iss}; of GitHub the address of an installation of one's own; absent for the preset's
 * @param clientId     of this installation there
 * @param clientSecret the same
 * @param scopes       what is asked for; the preset's, or openid, email and profile, when empty
 * @param algorithms   that an ID token may be signed with; asymmetric ones only
 * @param linkByEmail  whether an address that it says is verified is enough for whoever has an account with that address
 */
public record ProviderSettings(
        @NotNull @Pattern(regexp = "[a-z][a-z0-9-]{0,30}", message = "up to 31 lower-case letters, digits, hyphens")
        String id,

        @Nullable Preset preset,
        @DefaultValue("") String name,
        @Nullable URI issuer,
        @NotBlank String clientId,
        @NotBlank String clientSecret,
        @DefaultValue List<String> scopes,

        @DefaultValue({"RS256", "PS256", "ES256", "ES384"}) @NotEmpty
        List<Algorithm> algorithms,

        @DefaultValue("true") boolean linkByEmail) {

    public ProviderSettings {
        if (issuer == null && preset == null) {
            throw new IllegalArgumentException("issuer: missing (expected: its URL, or a preset)");
        }
        if (issuer != null && !isUsable(issuer)) {
            throw new IllegalArgumentException("issuer: " + issuer + " (expected: an http or https URL)");
        }
        scopes = scopes.isEmpty() ? defaultScopes(preset) : List.copyOf(scopes);
        algorithms = List.copyOf(algorithms);
    }

    /** Those whose addresses and habits are known. */
    public enum Preset {
        GOOGLE("https://accounts.google.com"),
        GITHUB("https://github.com");

        private final URI issuer;

        Preset(String issuer) {
            this.issuer = URI.create(issuer);
        }
    }

    /** By which its accounts are told from others'. */
    URI issuerUrl() {
        if (issuer != null) {
            return issuer;
        }
        if (preset == null) {
            throw new IllegalStateException("neither an issuer nor a preset");
        }
        return preset.issuer;
    }

    String displayName() {
        return name.isEmpty() ? id : name;
    }

    private static boolean isUsable(URI issuer) {
        return ("https".equals(issuer.getScheme()) || "http".equals(issuer.getScheme())) && issuer.getHost() != null;
    }

    private static List<String> defaultScopes(@Nullable Preset preset) {
        return preset == Preset.GITHUB ? List.of("read:user", "user:email") : List.of("openid", "email", "profile");
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ProviderSettings[" + id + ", clientId=" + clientId + "]";
    }
}

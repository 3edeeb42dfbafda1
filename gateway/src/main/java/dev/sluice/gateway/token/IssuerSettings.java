package dev.sluice.gateway.token;

import dev.sluice.gateway.access.Role;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A provider whose tokens are taken (OpenID Connect Discovery 1.0).
 *
 * @param url               its identifier, exactly as in {@code iss}
 * @param jwks              where its keys are; absent to ask its discovery document
 * @param audiences         of which a token names one
 * @param algorithms        that a token may be signed with (RFC 7518); asymmetric ones only
 * @param organizationClaim what names the organization
 * @param organizations     the organization of each value of that claim; a value that is not here is nobody's
 * @param roleClaim         what names the role: a string, or a list of which the highest counts
 * @param roles             the role of each value of that claim; without any, values that are called like roles are
 * @param skew              how far its clock may be off
 */
public record IssuerSettings(
        @NotNull URI url,
        @Nullable URI jwks,
        @NotEmpty List<String> audiences,

        @DefaultValue({"RS256", "PS256", "ES256", "ES384"}) @NotEmpty
        List<Algorithm> algorithms,

        @DefaultValue("organization") @NotBlank String organizationClaim,
        @NotEmpty Map<String, String> organizations,
        @DefaultValue("role") @NotBlank String roleClaim,
        @DefaultValue Map<String, String> roles,
        @DefaultValue("60s") @NotNull Duration skew) {

    public IssuerSettings {
        audiences = List.copyOf(audiences);
        algorithms = List.copyOf(algorithms);
        organizations = Map.copyOf(organizations);
        roles = Map.copyOf(roles);
        organizations.values().forEach(id -> {
            if (Ids.parse(id).isEmpty()) {
                throw new IllegalArgumentException("organization: " + id + " (expected: the id of one)");
            }
        });
        roles.values().forEach(role -> {
            if (Role.of(role).isEmpty()) {
                throw new IllegalArgumentException("role: " + role + " (expected: owner, admin, member or viewer)");
            }
        });
        if (skew.isNegative() || skew.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("skew: " + skew + " (expected: 0 to 5 minutes)");
        }
    }

    /** How a token may be signed. There is no symmetric one: its key would be everybody's who can verify. */
    public enum Algorithm {
        RS256,
        RS384,
        RS512,
        PS256,
        PS384,
        PS512,
        ES256,
        ES384,
        ES512
    }

    /** The organization of a claim's value. */
    Optional<OrganizationId> organization(String value) {
        return Optional.ofNullable(organizations.get(value)).map(OrganizationId::of);
    }

    /** The role of a claim's value. */
    Optional<Role> role(String value) {
        return Role.of(roles.isEmpty() ? value : roles.getOrDefault(value, ""));
    }
}

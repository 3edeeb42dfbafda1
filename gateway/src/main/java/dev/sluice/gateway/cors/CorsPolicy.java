package dev.sluice.gateway.cors;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an organization lets pages of other origins do.
 *
 * @param api    in its name on {@code /v1}, by origin and method; absent for nothing
 * @param routes on its published routes; absent where upstreams speak for themselves
 */
record CorsPolicy(
        OrganizationId organization,
        @Nullable CorsRule api,
        @Nullable CorsRule routes) {

    static CorsPolicy none(OrganizationId organization) {
        return new CorsPolicy(organization, null, null);
    }

    /** One that allows nothing, and has nobody else allow it. */
    static CorsPolicy shut(OrganizationId organization) {
        CorsRule nothing = new CorsRule(Origins.of(List.of()), Set.of(), Set.of(), Set.of(), CorsRule.DEFAULT_MAX_AGE);
        return new CorsPolicy(organization, nothing, nothing);
    }
}

package dev.sluice.gateway.published;

import dev.sluice.gateway.admission.Rate;
import org.jspecify.annotations.Nullable;

/**
 * How much goes through a route, whoever sends it.
 *
 * @param route      of all callers together, on all gateways; absent for no limit of its own
 * @param client     of each client address, on all gateways; absent for none
 * @param concurrent requests under way at once, on each gateway
 */
public record RouteLimits(@Nullable Rate route, @Nullable Rate client, int concurrent) {

    static final int DEFAULT_CONCURRENT = 1000;
    static final int MAX_CONCURRENT = 10_000;
}

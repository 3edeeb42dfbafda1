package dev.sluice.loadtest.upstream;

/**
 * What a simulator saw since its start or last reset.
 *
 * @param requests     requests that arrived
 * @param completed    responses sent to their end
 * @param cancelled    responses the client walked away from
 * @param inFlight     requests being answered now
 * @param maxInFlight  most requests that were being answered at once
 * @param distinctKeys different {@code Idempotency-Key}s, up to {@link RequestCounters#MAX_KEYS}
 * @param repeatedKeys keys that came more than once
 * @param withoutKey   requests that had no key, or whose key was beyond the bound
 */
public record UpstreamStats(
        long requests,
        long completed,
        long cancelled,
        long inFlight,
        long maxInFlight,
        long distinctKeys,
        long repeatedKeys,
        long withoutKey) {}

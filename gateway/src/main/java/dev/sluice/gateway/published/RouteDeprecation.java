package dev.sluice.gateway.published;

import dev.sluice.gateway.deprecation.Deprecation;
import java.time.Instant;

/**
 * What a route tells of its own end.
 *
 * @param told with each of its answers
 * @param gone whether it leads nowhere from its sunset on, which it has then; otherwise it goes on
 */
public record RouteDeprecation(Deprecation told, boolean gone) {

    public RouteDeprecation {
        if (gone && told.sunset() == null) {
            throw new IllegalArgumentException("gone: true (expected: false without a sunset)");
        }
    }

    /** Whether it leads nowhere any more. */
    public boolean isGoneAt(Instant now) {
        return gone && told.isOverAt(now);
    }
}

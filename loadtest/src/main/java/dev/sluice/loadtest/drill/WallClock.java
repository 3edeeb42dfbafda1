package dev.sluice.loadtest.drill;

import java.time.Instant;

/** The machine's clock, which the upstream, the kills and the commits of PostgreSQL share. */
public final class WallClock {

    private WallClock() {}

    @SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
    public static Instant now() {
        return Instant.now();
    }
}

package dev.sluice.gateway.session;

import dev.sluice.gateway.lookup.LookupSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long people stay logged in.
 *
 * @param lifetime     after which they log in again whatever they did
 * @param idle         after which they log in again when they did nothing
 * @param secureCookie whether browsers may send the cookie over TLS only; off for trying things out without
 * @param lookup       the cache of sessions
 */
public record SessionSettings(
        @DefaultValue("7d") @NotNull Duration lifetime,
        @DefaultValue("24h") @NotNull Duration idle,
        @DefaultValue("true") boolean secureCookie,
        @DefaultValue @Valid LookupSettings lookup) {

    public SessionSettings {
        requirePositive("lifetime", lifetime);
        requirePositive("idle", idle);
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}

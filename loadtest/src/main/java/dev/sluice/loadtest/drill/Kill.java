package dev.sluice.loadtest.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something done to the system.
 *
 * @param what      happened to whom
 * @param breaks    whether outcomes of calls may be lost by it: not by the death of a gateway or of Redis
 * @param from      when it began
 * @param until     calls that arrived by then may have been under way at it
 * @param open      runs that were open
 * @param back      how long until all was well again; absent when nobody waited for that
 */
record Kill(
        String what,
        boolean breaks,
        Instant from,
        Instant until,
        long open,
        @Nullable Duration back) {

    /** A request may be sent by a process and be read by the upstream, which shares its cores, after the process's death. */
    static final Duration UNREAD = Duration.ofSeconds(1);

    /** For people. */
    String recovery() {
        return back == null ? "not waited for" : String.format(Locale.ROOT, "%.1f s", back.toMillis() / 1e3);
    }
}

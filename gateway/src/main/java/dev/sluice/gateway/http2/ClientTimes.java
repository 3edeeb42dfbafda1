package dev.sluice.gateway.http2;

import java.time.Duration;

/**
 * How long a client may take.
 *
 * @param header from the first byte of a request to the end of its headers, and from the begin of a connection to its first
 *               request
 * @param body   from there to the end of its body
 * @param read   to take what waits for it
 * @param idle   for which a connection without requests is kept
 */
public record ClientTimes(Duration header, Duration body, Duration read, Duration idle) {

    private static final Duration SHORTEST_LOOK = Duration.ofMillis(50);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

    /** How often they are looked at: each may be exceeded by as much. */
    Duration look() {
        Duration quarter = least(least(header, body), least(read, idle)).dividedBy(4);
        return quarter.compareTo(SHORTEST_LOOK) < 0 ? SHORTEST_LOOK : least(quarter, LONGEST_LOOK);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

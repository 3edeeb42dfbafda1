package dev.sluice.gateway.http2;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What is cut off or refused on HTTP/2: counters {@code sluice.http2.cut}, by the reason. */
enum Cut {
    /** A connection with too many frames that bring nothing, or too many streams broken off. */
    FLOOD,
    /** A connection whose headers take too long. */
    SLOW_HEADERS,
    /** A stream whose client is too slow to send or to read. */
    SLOW_STREAM,
    /** A connection whose client reads nothing. */
    SLOW_CONNECTION,
    /** A stream or a connection whose client does not keep to the protocol; not those whose headers the codec itself refuses. */
    MALFORMED,
    /** A stream above the bound on all of them. */
    FULL;

    private static final String NAME = "sluice.http2.cut";

    Counter register(MeterRegistry registry) {
        return Counter.builder(NAME)
                .description("HTTP/2 streams and connections that were cut off or refused")
                .tag("reason", name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
                .register(registry);
    }
}

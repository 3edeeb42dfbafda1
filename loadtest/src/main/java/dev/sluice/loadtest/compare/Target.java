package dev.sluice.loadtest.compare;

import java.net.URI;
import java.util.Map;

/** Where a workload is sent, and how it is driven. */
sealed interface Target {

    /**
     * A POST for each workflow, by the driver that all peers share.
     *
     * @param expected what the answer has to contain
     */
    record Http(URI uri, Map<String, String> headers, String body, String expected) implements Target {

        public Http {
            headers = Map.copyOf(headers);
        }

        /** Without the headers: one is a key. */
        @Override
        public String toString() {
            return "Http[uri=%s]".formatted(uri);
        }
    }

    /**
     * The peer starts its workflows itself, without HTTP between load and engine, and answers with the figures.
     *
     * @param uri takes {@code inFlight} and {@code millis} and answers with {@link Figures} as JSON
     */
    record InProcess(URI uri) implements Target {}
}

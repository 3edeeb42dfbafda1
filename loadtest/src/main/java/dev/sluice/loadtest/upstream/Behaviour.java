package dev.sluice.loadtest.upstream;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one request is answered, read from its query parameters; each has a default and a bound.
 *
 * @param latency     wait before the response starts ({@code latencyMillis}, 0 to 600000)
 * @param status      status of a good response ({@code status}, 200 to 599)
 * @param errorRate   share of requests answered with {@code errorStatus} instead ({@code errorRate}, 0 to 1)
 * @param errorStatus status of those ({@code errorStatus}, 400 to 599)
 * @param bytes       size of the body, or of each chunk's padding ({@code bytes}, 0 to 67108864); a body is never
 *                    smaller than its JSON frame
 * @param form        one body or a stream ({@code stream=ndjson|sse})
 * @param chunks      number of a stream's chunks ({@code chunks}, 0 to 1000000)
 * @param interval    wait before each chunk ({@code intervalMillis}, 0 to 60000)
 */
record Behaviour(
        Duration latency,
        int status,
        double errorRate,
        int errorStatus,
        int bytes,
        Form form,
        int chunks,
        Duration interval) {

    /** The shape of a response's body. */
    enum Form {
        BODY("application/json"),
        NDJSON("application/x-ndjson"),
        SSE("text/event-stream");

        private final String mediaType;

        Form(String mediaType) {
            this.mediaType = mediaType;
        }

        String mediaType() {
            return mediaType;
        }
    }

    private static final Set<String> KNOWN = Set.of(
            "latencyMillis", "status", "errorRate", "errorStatus", "bytes", "stream", "chunks", "intervalMillis");

    /**
     * Reads the query of a request target.
     *
     * @throws IllegalArgumentException naming the parameter that is unknown, repeated, no number or out of bounds
     */
    static Behaviour of(String target) {
        Map<String, List<String>> query = new QueryStringDecoder(target).parameters();
        query.forEach(Behaviour::checkKnownOnce);
        return new Behaviour(
                Duration.ofMillis(whole(query, "latencyMillis", 0, 0, 600_000)),
                whole(query, "status", 200, 200, 599),
                share(query),
                whole(query, "errorStatus", 500, 400, 599),
                whole(query, "bytes", 0, 0, 64 << 20),
                form(query),
                whole(query, "chunks", 10, 0, 1_000_000),
                Duration.ofMillis(whole(query, "intervalMillis", 0, 0, 60_000)));
    }

    private static void checkKnownOnce(String name, List<String> values) {
        if (!KNOWN.contains(name)) {
            throw new IllegalArgumentException(name + ": unknown parameter (expected: one of " + KNOWN + ")");
        }
        if (values.size() != 1) {
            throw new IllegalArgumentException(name + ": given " + values.size() + " times (expected: once)");
        }
    }

    private static int whole(Map<String, List<String>> query, String name, int absent, int least, int most) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.isEmpty()) {
            return absent;
        }
        try {
            int value = Integer.parseInt(values.getFirst());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw outOfBounds(name, values.getFirst(), least + " to " + most, e);
        }
        throw outOfBounds(name, values.getFirst(), least + " to " + most, null);
    }

    private static double share(Map<String, List<String>> query) {
        String value = query.getOrDefault("errorRate", List.of("0")).getFirst();
        try {
            double share = Double.parseDouble(value);
            if (share >= 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            throw outOfBounds("errorRate", value, "0 to 1", e);
        }
        throw outOfBounds("errorRate", value, "0 to 1", null);
    }

    private static Form form(Map<String, List<String>> query) {
        String value = query.getOrDefault("stream", List.of("none")).getFirst();
        return switch (value) {
            case "none" -> Form.BODY;
            case "ndjson" -> Form.NDJSON;
            case "sse" -> Form.SSE;
            default -> throw outOfBounds("stream", value, "ndjson or sse", null);
        };
    }

    private static IllegalArgumentException outOfBounds(
            String name, String value, String expected, @Nullable Throwable cause) {
        return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")", cause);
    }
}

package dev.sluice.gateway.published;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The paths that a route is for: segments that are compared as they are, {@code *} for any one segment, and at the end
 * {@code **} for any number of them, such as {@code /orders/*}{@code /items/**}. There is nothing else to it, so that anybody
 * can see what is reached.
 *
 * @param segments 0 to {@value #MAX_SEGMENTS}
 */
record RoutePath(List<String> segments) {

    static final String ONE = "*";
    static final String REST = "**";
    static final String FORM =
            "A path such as /orders, /orders/* or /orders/** is expected, with segments of A-Z a-z 0-9 . _ ~ -";

    private static final int MAX_SEGMENTS = 20;
    private static final int MAX_LENGTH = 500;
    private static final Pattern WELL_FORMED = Pattern.compile("/|(?:/(?:[A-Za-z0-9._~-]+|\\*))*(?:/\\*\\*)?");
    private static final Pattern DOTS = Pattern.compile("\\.{1,2}");

    RoutePath {
        segments = List.copyOf(segments);
    }

    /** Reads a path; empty for what is none. */
    static Optional<RoutePath> of(String text) {
        if (text.isEmpty()
                || text.length() > MAX_LENGTH
                || !WELL_FORMED.matcher(text).matches()) {
            return Optional.empty();
        }
        List<String> segments = Stream.of(text.substring(1).split("/", -1))
                .filter(segment -> !segment.isEmpty())
                .toList();
        boolean usable = segments.size() <= MAX_SEGMENTS
                && segments.stream().noneMatch(segment -> DOTS.matcher(segment).matches());
        return usable ? Optional.of(new RoutePath(segments)) : Optional.empty();
    }

    /** How many segments come before the first that stands for others. */
    int fixed() {
        int count = 0;
        while (count < segments.size() && !segments.get(count).startsWith(ONE)) {
            count++;
        }
        return count;
    }

    @Override
    public String toString() {
        return "/" + String.join("/", segments);
    }
}

package dev.sluice.shared.outbound;

import java.util.List;
import java.util.Map;

/**
 * What a response begins with.
 *
 * @param status  the HTTP status; redirects are not followed
 * @param headers by lower-case name, values in the order they came
 */
public record OutboundHead(int status, Map<String, List<String>> headers) {

    /** The first value of a header, or another text where there is none. */
    public String header(String lowerCaseName, String otherwise) {
        return headers.getOrDefault(lowerCaseName, List.of(otherwise)).getFirst();
    }
}

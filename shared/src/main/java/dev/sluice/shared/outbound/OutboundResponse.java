package dev.sluice.shared.outbound;

import java.util.List;
import java.util.Map;

/**
 * A complete response, of any status.
 *
 * @param status  the HTTP status; redirects are not followed
 * @param headers by lower-case name, values in the order they came
 * @param body    as it came, not decompressed; not copied
 * @param trailers as the headers; only of a request for {@link OutboundProtocol#HTTP2}, whose {@code TE} says that they are wanted
 */
@SuppressWarnings("ArrayRecordComponent") // a body may have megabytes; responses are never compared
public record OutboundResponse(
        int status, Map<String, List<String>> headers, byte[] body, Map<String, List<String>> trailers) {

    /** One without trailers. */
    public OutboundResponse(int status, Map<String, List<String>> headers, byte[] body) {
        this(status, headers, body, Map.of());
    }
}

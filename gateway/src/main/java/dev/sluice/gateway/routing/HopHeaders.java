package dev.sluice.gateway.routing;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Headers that are between two neighbours only, and not passed on (RFC 9110, section 7.6.1). */
final class HopHeaders {

    private static final String CONNECTION = "connection";
    private static final String HTTP2 = "x-http2-";
    private static final Set<String> NAMES = Set.of(
            CONNECTION,
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "expect",
            "host");

    private HopHeaders() {}

    /** Gives all headers but those: also not those that the sender says are its connection's, and not Reactor Netty's notes. */
    static void copy(HttpHeaders from, BiConsumer<CharSequence, CharSequence> to) {
        Set<String> named = from.contains(CONNECTION) ? named(from.getAll(CONNECTION)) : Set.of();
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!NAMES.contains(name) && !named.contains(name) && !name.startsWith(HTTP2)) {
                to.accept(name, header.getValue());
            }
        }
    }

    private static Set<String> named(List<String> values) {
        Set<String> names = new HashSet<>();
        for (String value : values) {
            for (String name : value.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}

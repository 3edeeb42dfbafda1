package dev.sluice.gateway.edge;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Whether a client came by TLS: as the connection has it, or as one of the installation's own proxies says, which has ended that. Of
 * several who say so the nearest is heard. Immutable.
 */
final class ClientScheme {

    private static final String TLS = "https";
    private static final Pattern PROTO = Pattern.compile("(?:^|;)\\s*proto=\"?([^;,\"\\s]*)", Pattern.CASE_INSENSITIVE);

    private final List<Network> trusted;
    private final EdgeSettings.ForwardedHeader header;

    ClientScheme(EdgeSettings settings) {
        this.trusted = Network.allOf(settings.trustedProxies());
        this.header = settings.forwardedHeader();
    }

    /** The request's address with the scheme that the client has used. */
    URI of(ServerHttpRequest request) {
        URI uri = request.getURI();
        boolean said = !TLS.equals(uri.getScheme()) && isTrusted(request.getRemoteAddress()) && saysTls(request);
        return said ? URI.create(TLS + uri.toString().substring(uri.getScheme().length())) : uri;
    }

    private boolean isTrusted(@Nullable InetSocketAddress peer) {
        return !trusted.isEmpty()
                && peer != null
                && peer.getAddress() != null
                && Network.anyHas(trusted, peer.getAddress());
    }

    private boolean saysTls(ServerHttpRequest request) {
        return switch (header) {
            case X_FORWARDED_FOR -> TLS.equalsIgnoreCase(last(request, "X-Forwarded-Proto"));
            case FORWARDED -> {
                Matcher matcher = PROTO.matcher(last(request, "Forwarded"));
                yield matcher.find() && TLS.equalsIgnoreCase(matcher.group(1));
            }
        };
    }

    /** What the nearest proxy has written, or nothing. */
    private static String last(ServerHttpRequest request, String name) {
        List<String> values = request.getHeaders().getOrEmpty(name);
        String value = values.isEmpty() ? "" : values.getLast();
        return value.substring(value.lastIndexOf(',') + 1).strip();
    }
}

package dev.sluice.gateway.edge;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Where a request comes from: as its connection has it, unless that is one of the installation's own proxies, which says in a
 * header where it has it from. The header is read from its end, where the nearest proxy has written; what is before the last
 * proxy that is ours, anybody may have written. Immutable.
 */
final class ClientAddress {

    /** A client may send any number of hops; no chain of proxies is as long. */
    private static final int MAX_HOPS = 20;

    private static final String X_FORWARDED_FOR = "X-Forwarded-For";
    private static final String FORWARDED = "Forwarded";
    private static final Pattern COMMA = Pattern.compile(",");
    private static final Pattern FOR =
            Pattern.compile("(?:^|;)\\s*for=(\"[^\"]*\"|[^;,\"\\s]*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]]*)\\](?::\\d+)?");
    private static final Pattern V4_WITH_PORT = Pattern.compile("([\\d.]+):\\d+");

    private final List<Network> trusted;
    private final EdgeSettings.ForwardedHeader header;

    ClientAddress(EdgeSettings settings) {
        this.trusted = Network.allOf(settings.trustedProxies());
        this.header = settings.forwardedHeader();
    }

    /** The client's address; null when the connection has none any more. */
    @Nullable
    InetSocketAddress of(ServerHttpRequest request) {
        InetSocketAddress peer = request.getRemoteAddress();
        if (trusted.isEmpty() || peer == null || peer.getAddress() == null || !isTrusted(peer.getAddress())) {
            return peer;
        }
        InetAddress client = peer.getAddress();
        List<String> hops = hops(request.getHeaders());
        for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - MAX_HOPS) && isTrusted(client); i--) {
            Optional<InetAddress> before = address(hops.get(i));
            if (before.isEmpty()) {
                break;
            }
            client = before.get();
        }
        return new InetSocketAddress(client, peer.getPort());
    }

    private boolean isTrusted(InetAddress address) {
        return Network.anyHas(trusted, address);
    }

    /** One for each proxy, the nearest last (RFC 7239, section 5.2, and as X-Forwarded-For has it). */
    private List<String> hops(HttpHeaders headers) {
        return switch (header) {
            case X_FORWARDED_FOR -> parts(headers, X_FORWARDED_FOR).toList();
            case FORWARDED ->
                parts(headers, FORWARDED).map(ClientAddress::forParameter).toList();
        };
    }

    private static Stream<String> parts(HttpHeaders headers, String name) {
        return headers.getOrEmpty(name).stream().flatMap(value -> COMMA.splitAsStream(value));
    }

    private static String forParameter(String element) {
        Matcher matcher = FOR.matcher(element);
        return matcher.find() ? matcher.group(1).replace("\"", "") : "";
    }

    /** With or without a port; empty for {@code unknown} and for names that somebody hides behind. */
    private static Optional<InetAddress> address(String hop) {
        String text = hop.strip();
        Matcher bracketed = BRACKETED.matcher(text);
        Matcher port = V4_WITH_PORT.matcher(text);
        String address = bracketed.matches() ? bracketed.group(1) : port.matches() ? port.group(1) : text;
        return Optional.ofNullable(NetUtil.createInetAddressFromIpAddressString(address));
    }
}

package dev.sluice.gateway.session;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Where somebody logs in from.
 *
 * @param agent   what the client calls itself, as far as it fits; empty when it says nothing
 * @param address as the connection has it
 */
public record Client(String agent, String address) {

    private static final int MAX_AGENT = 200;

    /** Of a request. */
    public static Client of(ServerHttpRequest request) {
        String agent = Optional.ofNullable(request.getHeaders().getFirst(HttpHeaders.USER_AGENT))
                .orElse("");
        String address = Optional.ofNullable(request.getRemoteAddress())
                .map(InetSocketAddress::getAddress)
                .map(found -> found.getHostAddress())
                .orElse("unknown");
        return new Client(agent.substring(0, Math.min(agent.length(), MAX_AGENT)), address);
    }
}

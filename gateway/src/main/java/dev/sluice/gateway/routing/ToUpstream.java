package dev.sluice.gateway.routing;

import dev.sluice.gateway.published.Passage;
import dev.sluice.gateway.published.PublishedPath;
import dev.sluice.gateway.published.PublishedRoute;
import dev.sluice.shared.outbound.OutboundConnections;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.telemetry.TraceParent;
import dev.sluice.shared.web.RequestIdentity;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.transport.AddressUtils;

/**
 * Sends exchanges to the upstream of the route they go by. The gateway's own credentials stay here, as do cookies, all of
 * which are the gateway's own; and no answer may act in the name of the gateway's address, which other organizations and the
 * dashboard have too: it sets no cookies there, and what a browser shows of it has no origin.
 */
public final class ToUpstream implements GatewayFilter {

    private static final UpstreamErrors ERRORS = new UpstreamErrors(
            "All connections to the upstream of this route are in use.",
            "The upstream of this route cannot be reached.",
            "The upstream of this route",
            "the request may have had its effect.");

    /** A route that leads to a route, and that one back again. */
    private static final int MOST_HOPS = 3;

    /** By what it came (RFC 9110, section 7.6.3). */
    private static final String VIA_HTTP1 = "1.1 sluice";

    private static final String VIA_HTTP2 = "2.0 sluice";
    private static final Pattern OWN_VIA = Pattern.compile("(?:1\\.1|2\\.0) sluice");
    private static final String SANDBOX = "sandbox allow-scripts allow-forms allow-popups";
    private static final List<String> NOT_THEIRS =
            List.of("Set-Cookie", "Clear-Site-Data", "Service-Worker-Allowed", "Strict-Transport-Security", "Alt-Svc");

    private final OutboundConnections connections;

    /** Over these connections. */
    public ToUpstream(OutboundConnections connections) {
        this.connections = connections;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return Mono.using(
                () -> enter(exchange),
                entered -> chain.filter(exchange),
                entered -> entered.state().leave());
    }

    private Passage enter(ServerWebExchange exchange) {
        Passage passage = Passage.find(exchange).orElseThrow();
        exchange.getAttributes().put(Destination.ATTRIBUTE, new Upstream(exchange, passage));
        passage.state().enter();
        return passage;
    }

    /** Of one exchange. */
    private final class Upstream implements Destination {

        private final ServerWebExchange exchange;
        private final Passage passage;
        private final PublishedRoute route;

        Upstream(ServerWebExchange exchange, Passage passage) {
            this.exchange = exchange;
            this.passage = passage;
            this.route = passage.route();
        }

        @Override
        public HttpClient client() {
            URI upstream = route.upstream();
            return connections.to(upstream, route.protocol()).remoteAddress(() -> address(upstream));
        }

        @Override
        public String target() {
            URI asked = exchange.getRequest().getURI();
            return Targets.of(route.target(PublishedPath.rest(asked.getRawPath())), asked.getRawQuery());
        }

        @Override
        public Duration headTimeout() {
            return route.timeout();
        }

        @Override
        public @Nullable Duration bodyTimeout() {
            return route.timeout();
        }

        @Override
        public int retries() {
            return route.retries();
        }

        @Override
        public void request(HttpHeaders headers) {
            if (!route.open()) {
                headers.remove(HttpHeaderNames.AUTHORIZATION);
            }
            headers.remove(HttpHeaderNames.COOKIE);
            headers.remove("sluice-identity").remove("forwarded");
            origin(headers);
            route.request().remove().forEach(headers::remove);
            route.request().set().forEach(headers::set);
            route.secrets().forEach(headers::set);
            RequestIdentity identity = RequestIdentity.of(exchange);
            headers.set(RequestIdentity.HEADER, identity.requestId());
            headers.set(TraceParent.HEADER, identity.trace().toString());
        }

        /** Where it comes from, as the edge knows it, and over whom. */
        private void origin(HttpHeaders headers) {
            InetSocketAddress client = exchange.getRequest().getRemoteAddress();
            if (client == null || client.getAddress() == null) {
                headers.remove("x-forwarded-for");
            } else {
                headers.set("x-forwarded-for", client.getAddress().getHostAddress());
            }
            headers.set("x-forwarded-proto", exchange.getRequest().getURI().getScheme());
            String host = exchange.getRequest().getHeaders().getFirst("Host");
            if (host == null) {
                headers.remove("x-forwarded-host");
            } else {
                headers.set("x-forwarded-host", host);
            }
            headers.add(HttpHeaderNames.VIA, via());
        }

        private String via() {
            HttpServerRequest inbound = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
            return inbound.version().majorVersion() == 1 ? VIA_HTTP1 : VIA_HTTP2;
        }

        @Override
        public void response(org.springframework.http.HttpHeaders headers) {
            NOT_THEIRS.forEach(headers::remove);
            route.response().remove().forEach(headers::remove);
            route.response().set().forEach(headers::set);
            headers.add("Content-Security-Policy", SANDBOX);
            headers.set("X-Content-Type-Options", "nosniff");
        }

        @Override
        public void begin() {
            requireNoLoop();
            passage.state().requireWell();
        }

        private void requireNoLoop() {
            long hops = exchange.getRequest().getHeaders().getOrEmpty("Via").stream()
                    .mapToLong(via -> OWN_VIA.matcher(via).results().count())
                    .sum();
            if (hops >= MOST_HOPS) {
                throw new SluiceException(
                        ProblemType.BAD_GATEWAY, "The upstream of this route leads back to it, again and again.");
            }
        }

        @Override
        public void answered(int status) {
            if (status == 502 || status == 503 || status == 504) {
                passage.state().failed();
            } else {
                passage.state().succeeded();
            }
        }

        /** What a client did wrong is not the upstream's failure. */
        @Override
        public void failed(Throwable error) {
            if (error instanceof SluiceException) {
                passage.state().withdrawn();
            } else {
                passage.state().failed();
            }
        }

        @Override
        public void withdrawn() {
            passage.state().withdrawn();
        }

        @Override
        public Throwable explain(Throwable error) {
            return ERRORS.translate(error);
        }
    }

    private static InetSocketAddress address(URI upstream) {
        int standard = "https".equalsIgnoreCase(upstream.getScheme()) ? 443 : 80;
        String host = upstream.getHost();
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return AddressUtils.createUnresolved(name, upstream.getPort() < 0 ? standard : upstream.getPort());
    }
}

package dev.sluice.shared.web;

import dev.sluice.shared.telemetry.LoggablePath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Gives each exchange its {@link RequestIdentity}: as an attribute, in the Reactor context, and as the response's
 * {@code X-Request-Id}, which replaces one that a proxied response brought. Writes one line per request at level debug.
 */
public final class RequestIdentityFilter implements WebFilter, Ordered {

    /** First of all filters, so that an error of any other one is known by its request id. */
    public static final int ORDER = Ordered.HIGHEST_PRECEDENCE;

    private static final Logger LOG = LoggerFactory.getLogger(RequestIdentityFilter.class);

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        RequestIdentity identity = RequestIdentity.of(exchange);
        exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> stamp(exchange, identity)));
        Mono<Void> rest = chain.filter(exchange).contextWrite(identity::in);
        return LOG.isDebugEnabled() ? logged(rest, exchange, identity) : rest;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    private static void stamp(ServerWebExchange exchange, RequestIdentity identity) {
        exchange.getResponse().getHeaders().set(RequestIdentity.HEADER, identity.requestId());
    }

    private static Mono<Void> logged(Mono<Void> rest, ServerWebExchange exchange, RequestIdentity identity) {
        long started = System.nanoTime();
        return rest.doFinally(signal -> log(exchange, identity, signal, System.nanoTime() - started));
    }

    private static void log(ServerWebExchange exchange, RequestIdentity identity, SignalType signal, long nanos) {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        LOG.atDebug()
                .addKeyValue("requestId", identity.requestId())
                .addKeyValue("traceId", identity.trace().traceId())
                .addKeyValue("method", exchange.getRequest().getMethod())
                .addKeyValue(
                        "path", LoggablePath.of(exchange.getRequest().getURI().getRawPath()))
                .addKeyValue("status", status == null ? "-" : status.value())
                .addKeyValue("end", signal)
                .addKeyValue("micros", nanos / 1000)
                .log("request");
    }
}

package dev.sluice.gateway.routing;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.revocation.RevocableStreams;
import dev.sluice.gateway.revocation.Standing;
import dev.sluice.shared.service.OpenStreams;
import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends the event streams that are passed on when this gateway stops, whose clients resume at another one, and when their caller
 * is no longer who they were; other answers that do not come in one piece break off then.
 */
public final class EventStreamFilter implements GlobalFilter, Ordered {

    /** Outside of the filter that writes the response. */
    static final int ORDER = BodyLimitFilter.ORDER + 1;

    private static final String EVENTS = "text/event-stream";

    private final OpenStreams streams;
    private final RevocableStreams revocable;

    /** A filter that keeps its streams among the given ones. */
    public EventStreamFilter(OpenStreams streams, RevocableStreams revocable) {
        this.streams = streams;
        this.revocable = revocable;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return Authenticated.findCaller(exchange)
                .map(caller -> revocable.during(exchange, caller, standing -> streamed(exchange, chain, standing)))
                .orElseGet(() -> streamed(exchange, chain, Standing.ANYBODY));
    }

    private Mono<Void> streamed(ServerWebExchange exchange, GatewayFilterChain chain, Standing standing) {
        return chain.filter(exchange.mutate()
                .response(new Streamed(exchange.getResponse(), standing))
                .build());
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    private final class Streamed extends ServerHttpResponseDecorator {

        private final Standing standing;

        Streamed(ServerHttpResponse response, Standing standing) {
            super(response);
            this.standing = standing;
        }

        /** What comes in one piece is over at once. */
        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            return super.writeWith(body instanceof Mono ? body : standing.download(Flux.from(body)));
        }

        @Override
        @SuppressWarnings("NestedPublishers") // the shape of Spring's contract
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            var parts = Flux.from(body);
            return super.writeAndFlushWith(
                    isOfEvents() ? standing.events(streams.track(parts)) : standing.download(parts));
        }

        private boolean isOfEvents() {
            String type = getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
            return type != null && type.regionMatches(true, 0, EVENTS, 0, EVENTS.length());
        }
    }
}

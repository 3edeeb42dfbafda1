package dev.sluice.gateway.routing;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.shared.service.OpenStreams;
import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends the event streams that are passed on when this gateway stops, whose clients resume at another one, and when their caller
 * is no longer who they were.
 */
public final class EventStreamFilter implements GlobalFilter, Ordered {

    /** Outside of the filter that writes the response. */
    static final int ORDER = ExchangeLimitFilter.ORDER + 1;

    private final OpenStreams streams;
    private final RevocableStreams revocable;

    /** A filter that keeps its streams among the given ones. */
    public EventStreamFilter(OpenStreams streams, RevocableStreams revocable) {
        this.streams = streams;
        this.revocable = revocable;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return revocable.during(
                Authenticated.caller(exchange),
                end -> chain.filter(exchange.mutate()
                        .response(new Streamed(exchange.getResponse(), end))
                        .build()));
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    /** Only answers that stream are written with a flush after each part. */
    private final class Streamed extends ServerHttpResponseDecorator {

        private final Mono<Void> end;

        Streamed(ServerHttpResponse response, Mono<Void> end) {
            super(response);
            this.end = end;
        }

        @Override
        @SuppressWarnings("NestedPublishers") // the shape of Spring's contract
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return super.writeAndFlushWith(streams.track(Flux.from(body)).takeUntilOther(end));
        }
    }
}

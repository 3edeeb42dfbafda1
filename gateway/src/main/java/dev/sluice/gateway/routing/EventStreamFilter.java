package dev.sluice.gateway.routing;

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

/** Ends the event streams that are passed on when this gateway stops; their clients resume at another one. */
public final class EventStreamFilter implements GlobalFilter, Ordered {

    /** Outside of the filter that writes the response. */
    static final int ORDER = ExchangeLimitFilter.ORDER + 1;

    private final OpenStreams streams;

    /** A filter that keeps its streams among the given ones. */
    public EventStreamFilter(OpenStreams streams) {
        this.streams = streams;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange.mutate()
                .response(new Streamed(exchange.getResponse(), streams))
                .build());
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    /** Only answers that stream are written with a flush after each part. */
    private static final class Streamed extends ServerHttpResponseDecorator {

        private final OpenStreams streams;

        Streamed(ServerHttpResponse response, OpenStreams streams) {
            super(response);
            this.streams = streams;
        }

        @Override
        @SuppressWarnings("NestedPublishers") // the shape of Spring's contract
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return super.writeAndFlushWith(streams.track(Flux.from(body)));
        }
    }
}

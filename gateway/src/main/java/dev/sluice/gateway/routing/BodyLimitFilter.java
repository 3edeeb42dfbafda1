package dev.sluice.gateway.routing;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Refuses bodies over the bound: at once when announced, else while passing them on, without holding them. */
public final class BodyLimitFilter implements GlobalFilter, Ordered {

    /** Before anything reads the body. */
    static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

    private static final String EXCEEDED = BodyLimitFilter.class.getName();

    private final long maxBytes;

    /** A filter for bodies of up to so many bytes. */
    public BodyLimitFilter(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (exchange.getRequest().getHeaders().getContentLength() > maxBytes) {
            return Mono.error(this::tooLarge);
        }
        ServerHttpRequest limited = new Limited(exchange);
        return chain.filter(exchange.mutate().request(limited).build())
                .onErrorMap(error -> exchange.getAttributes().containsKey(EXCEEDED), error -> tooLarge());
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    private SluiceException tooLarge() {
        return new SluiceException(ProblemType.PAYLOAD_TOO_LARGE, "The body may have at most " + maxBytes + " bytes.");
    }

    private final class Limited extends ServerHttpRequestDecorator {

        private final ServerWebExchange exchange;

        Limited(ServerWebExchange exchange) {
            super(exchange.getRequest());
            this.exchange = exchange;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return Flux.defer(() -> {
                AtomicLong seen = new AtomicLong();
                return super.getBody().handle((buffer, sink) -> {
                    if (seen.addAndGet(buffer.readableByteCount()) <= maxBytes) {
                        sink.next(buffer);
                        return;
                    }
                    DataBufferUtils.release(buffer);
                    exchange.getAttributes().put(EXCEEDED, true);
                    sink.error(tooLarge());
                });
            });
        }
    }
}

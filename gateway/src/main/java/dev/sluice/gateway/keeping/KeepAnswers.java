package dev.sluice.gateway.keeping;

import dev.sluice.gateway.published.CacheRule;
import dev.sluice.gateway.published.Passage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Answers from what is kept where a route says so, and keeps what may be. Says which it was in {@code Cache-Status} (RFC 9211).
 * What changes something at an address makes what is kept of it forgotten (RFC 9111, section 4.4).
 */
public final class KeepAnswers implements GatewayFilter {

    private static final String CACHE_STATUS = "Cache-Status";
    private static final String MISS = "sluice; fwd=miss";
    private static final String BYPASS = "sluice; fwd=bypass";

    private final AtomicInteger copies = new AtomicInteger();
    private final AnswerStore store;
    private final Clock clock;

    /** In this store. */
    public KeepAnswers(AnswerStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Passage passage = Passage.find(exchange).orElseThrow();
        CacheRule rule = passage.route().cache();
        return rule == null ? chain.filter(exchange) : kept(exchange, chain, passage, rule);
    }

    private Mono<Void> kept(ServerWebExchange exchange, GatewayFilterChain chain, Passage passage, CacheRule rule) {
        ServerHttpRequest request = exchange.getRequest();
        String route = passage.id().toString();
        String thing = Keeping.thing(passage.version(), request);
        if (!Keeping.concerns(request, passage.route().open())) {
            return passed(exchange, chain, route, thing);
        }
        String variant = Keeping.variant(rule, request.getHeaders());
        Mono<Optional<KeptAnswer>> found = Keeping.wantsFresh(request.getHeaders())
                ? Mono.just(Optional.empty())
                : store.find(route, thing, variant);
        Instant now = clock.instant();
        return found.flatMap(answer -> answer.filter(kept -> kept.isFreshAt(now))
                .map(kept -> write(exchange, kept, now))
                .orElseGet(() -> fetch(exchange, chain, rule, new Place(route, thing, variant))));
    }

    /** Where an answer is kept. */
    private record Place(String route, String thing, String variant) {}

    private Mono<Void> passed(ServerWebExchange exchange, GatewayFilterChain chain, String route, String thing) {
        ServerHttpResponse response = exchange.getResponse();
        response.getHeaders().set(CACHE_STATUS, BYPASS);
        HttpMethod method = exchange.getRequest().getMethod();
        boolean safe =
                HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method) || HttpMethod.OPTIONS.equals(method);
        if (!safe) {
            response.beforeCommit(() -> Mono.fromRunnable(() -> {
                if (response.getStatusCode() == null
                        || !response.getStatusCode().isError()) {
                    store.forget(route, thing);
                }
            }));
        }
        return chain.filter(exchange);
    }

    private Mono<Void> fetch(ServerWebExchange exchange, GatewayFilterChain chain, CacheRule rule, Place place) {
        exchange.getResponse().getHeaders().set(CACHE_STATUS, MISS);
        if (!HttpMethod.GET.equals(exchange.getRequest().getMethod())) {
            return chain.filter(exchange);
        }
        Instant from = clock.instant();
        CopiedResponse copied = new CopiedResponse(
                exchange.getResponse(),
                copies,
                (status, headers) -> Keeping.time(rule, status, headers),
                (headers, body, time) -> store.put(
                        place.route,
                        place.thing,
                        place.variant,
                        new KeptAnswer(headers, body, from, from.plus(time)),
                        rule.keep()));
        return chain.filter(exchange.mutate().response(copied).build());
    }

    private static Mono<Void> write(ServerWebExchange exchange, KeptAnswer answer, Instant now) {
        ServerHttpResponse response = exchange.getResponse();
        HttpHeaders headers = response.getHeaders();
        answer.headers().forEach(header -> headers.add(header.getKey(), header.getValue()));
        headers.set(
                HttpHeaders.AGE,
                Long.toString(Math.max(0, Duration.between(answer.from(), now).toSeconds())));
        headers.set(
                CACHE_STATUS,
                "sluice; hit; ttl=" + Duration.between(now, answer.until()).toSeconds());
        if (answer.isHeldBy(exchange.getRequest().getHeaders())) {
            headers.remove(HttpHeaders.CONTENT_LENGTH);
            response.setStatusCode(HttpStatus.NOT_MODIFIED);
            return response.setComplete();
        }
        response.setStatusCode(HttpStatus.OK);
        headers.setContentLength(answer.body().length);
        return HttpMethod.HEAD.equals(exchange.getRequest().getMethod())
                ? response.setComplete()
                : response.writeWith(
                        Mono.fromSupplier(() -> response.bufferFactory().wrap(answer.body())));
    }
}

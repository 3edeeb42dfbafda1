package dev.sluice.shared.web;

import org.springframework.core.Ordered;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/** Every error of a WebFlux exchange leaves as problem+json, with the headers its type needs (such as Allow). */
public final class ProblemExceptionHandler implements WebExceptionHandler, Ordered {

    /** Before Spring Boot's error handler (-1) and Spring's for response status exceptions (0). */
    public static final int ORDER = -2;

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        if (error instanceof ErrorResponse response && !exchange.getResponse().isCommitted()) {
            exchange.getResponse().getHeaders().putAll(response.getHeaders());
        }
        return ProblemResponses.write(exchange.getResponse(), error, RequestIdentity.of(exchange));
    }

    @Override
    public int getOrder() {
        return ORDER;
    }
}

package dev.sluice.gateway.cors;

import dev.sluice.gateway.access.AccessTable;
import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.admission.Admission;
import dev.sluice.gateway.published.PublishedPath;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Answers preflights, and has pages of other origins read what they may; stands in front of all that may refuse a request, so
 * that refusals are read too. Pages, logins and accounts are no concern of it: no other origin's page may read them. What it
 * adds, it adds last of all, in the place of what an upstream says.
 */
public final class CorsFilter implements WebFilter {

    private static final String API = "/v1/";
    private static final String ANYBODY = "*";

    private final AccessTable table;
    private final CorsPolicies policies;
    private final Preflights preflights;

    /** A filter that goes by these. */
    public CorsFilter(AccessTable table, CorsPolicies policies, Admission admission) {
        this.table = table;
        this.policies = policies;
        this.preflights = new Preflights(admission);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getURI().getRawPath();
        if (path.startsWith(API)) {
            return api(exchange, chain);
        }
        if (!PublishedPath.isOne(path)) {
            return chain.filter(exchange);
        }
        return PublishedPath.read(path)
                .map(published -> published(published.organization(), exchange, chain))
                .orElseGet(() -> chain.filter(exchange));
    }

    private Mono<Void> api(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        HttpHeaders answer = exchange.getResponse().getHeaders();
        answer.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        Optional<String> origin = CrossOrigin.of(request);
        if (origin.isEmpty() || !takesKey(request)) {
            return chain.filter(exchange);
        }
        if (CrossOrigin.isPreflight(request)) {
            return preflights.answerForApi(exchange);
        }
        CrossOrigin.set(exchange, origin.get());
        exchange.getResponse().beforeCommit(() -> showApi(exchange, origin.get()));
        return chain.filter(exchange);
    }

    /** Whether the request, or the one it asks leave for, is one that keys and tokens are for. */
    private boolean takesKey(ServerHttpRequest request) {
        String wanted = CrossOrigin.isPreflight(request)
                ? request.getHeaders().getFirst(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)
                : request.getMethod().name();
        return wanted != null
                && table.takesKey(HttpMethod.valueOf(wanted), request.getPath().pathWithinApplication());
    }

    /** That somebody is nobody is for all to read; what somebody is told, for those whom their organization allows. */
    private Mono<Void> showApi(ServerWebExchange exchange, String origin) {
        HttpHeaders answer = exchange.getResponse().getHeaders();
        CrossOrigin.clear(answer);
        return Authenticated.find(exchange)
                .map(principal -> CrossOrigin.hasCredentials(exchange)
                        ? policies.find(principal.organization())
                                .doOnNext(policy -> show(answer, origin, exchange, policy.api()))
                                .then()
                                // What cannot be looked up is not shown.
                                .onErrorComplete()
                        : Mono.<Void>empty())
                .orElseGet(() -> Mono.fromRunnable(() -> CrossOrigin.show(answer, ANYBODY, "")));
    }

    private Mono<Void> published(OrganizationId organization, ServerWebExchange exchange, WebFilterChain chain) {
        CorsPolicy known = policies.peek(organization);
        if (known != null) {
            return published(known, exchange, chain);
        }
        Optional<String> origin = CrossOrigin.of(exchange.getRequest());
        Mono<CorsPolicy> policy = policies.find(organization);
        // Whoever is no page of another origin does not wait for PostgreSQL to be back.
        return (origin.isPresent() ? policy : policy.onErrorReturn(CorsPolicy.shut(organization)))
                .flatMap(found -> published(found, exchange, chain));
    }

    private Mono<Void> published(CorsPolicy policy, ServerWebExchange exchange, WebFilterChain chain) {
        CorsRule rule = policy.routes();
        if (rule == null) {
            return chain.filter(exchange);
        }
        ServerHttpRequest request = exchange.getRequest();
        @Nullable String origin = CrossOrigin.of(request).orElse(null);
        if (origin != null && CrossOrigin.isPreflight(request)) {
            return preflights.answer(exchange, origin, rule);
        }
        exchange.getResponse()
                .beforeCommit(() -> Mono.fromRunnable(() -> {
                    HttpHeaders answer = exchange.getResponse().getHeaders();
                    CrossOrigin.clear(answer);
                    if (origin != null) {
                        show(answer, origin, exchange, rule);
                    }
                }));
        return chain.filter(exchange);
    }

    private static void show(HttpHeaders answer, String origin, ServerWebExchange exchange, @Nullable CorsRule rule) {
        if (rule != null
                && rule.allows(origin, exchange.getRequest().getMethod().name())) {
            CrossOrigin.show(answer, origin, String.join(", ", rule.expose()));
        }
    }
}

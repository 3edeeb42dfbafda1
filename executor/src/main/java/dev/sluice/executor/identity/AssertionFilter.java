package dev.sluice.executor.identity;

import dev.sluice.shared.assertion.IdentityAssertion;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.tenancy.PrincipalContext;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Lets in only requests that carry exactly one valid {@link IdentityAssertion}. */
public final class AssertionFilter implements WebFilter, Ordered {

    /** After the request has its id, before everything that acts for somebody. */
    public static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

    private final IdentityAssertion assertion;

    /** Verifies with the key that gateways sign with. */
    public AssertionFilter(IdentityAssertion assertion) {
        this.assertion = assertion;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return principal(exchange)
                .map(principal ->
                        chain.filter(exchange).contextWrite(context -> PrincipalContext.with(context, principal)))
                .orElseGet(() -> Mono.error(() -> new SluiceException(
                        ProblemType.UNAUTHENTICATED, "Executors take requests from their gateway only.")));
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    private Optional<Principal> principal(ServerWebExchange exchange) {
        List<String> values = exchange.getRequest().getHeaders().getOrEmpty(IdentityAssertion.HEADER);
        if (values.size() != 1) {
            return Optional.empty();
        }
        URI uri = exchange.getRequest().getURI();
        String target = uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
        return assertion.verify(
                values.getFirst(), exchange.getRequest().getMethod().name(), target);
    }
}

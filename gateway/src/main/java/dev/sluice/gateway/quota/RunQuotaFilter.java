package dev.sluice.gateway.quota;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Permission;
import dev.sluice.gateway.access.Route;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.StartOutcome;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Counts the runs that requests start, and refuses those beyond the quota. Stands behind the check of permissions: what somebody
 * may not do is no use. An answer that says that no run was started gives the permit back; where nobody knows, it is used.
 */
public final class RunQuotaFilter implements WebFilter {

    private final Quotas quotas;

    /** A filter that counts there. */
    public RunQuotaFilter(Quotas quotas) {
        this.quotas = quotas;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        boolean starts = Route.find(exchange)
                .filter(route -> route.permission() == Permission.RUNS_START)
                .isPresent();
        return starts ? Mono.defer(() -> counted(exchange, chain)) : chain.filter(exchange);
    }

    private Mono<Void> counted(ServerWebExchange exchange, WebFilterChain chain) {
        OrganizationId organization = Authenticated.of(exchange).organization();
        ServerHttpResponse response = exchange.getResponse();
        return quotas.spend(organization, Metered.RUNS, response.getHeaders(), permit -> {
            response.beforeCommit(() -> Mono.fromRunnable(() -> answered(response, permit)));
            return chain.filter(exchange);
        });
    }

    private static void answered(ServerHttpResponse response, Permit permit) {
        boolean started = StartOutcome.take(response.getHeaders())
                .map(outcome -> outcome == StartOutcome.STARTED)
                .orElseGet(() -> mayHaveStarted(response.getStatusCode()));
        if (!started) {
            permit.giveBack();
        }
    }

    /** An executor of the version before says nothing; of 502 and 504 nobody knows what became of the request. */
    private static boolean mayHaveStarted(@Nullable HttpStatusCode status) {
        return status == null || !status.isError() || status.value() == 502 || status.value() == 504;
    }
}

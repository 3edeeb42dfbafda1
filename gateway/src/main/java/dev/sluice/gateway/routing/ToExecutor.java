package dev.sluice.gateway.routing;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.admission.Exchanges;
import dev.sluice.gateway.executor.Executor;
import dev.sluice.gateway.executor.ExecutorSettings;
import dev.sluice.gateway.executor.Executors;
import dev.sluice.shared.assertion.IdentityAssertion;
import dev.sluice.shared.masking.Maskings;
import dev.sluice.shared.telemetry.TraceParent;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.web.RequestIdentity;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * Sends exchanges to an executor, no more of one organization's at once than it may have. What a client says about itself is
 * replaced by what the gateway knows: an assertion bound to method and target as they go over the wire. Trailers of requests
 * are not passed on at all. A request that failed is sent to
 * another one if it cannot have had an effect, and otherwise not again.
 */
public final class ToExecutor implements GatewayFilter {

    private static final UpstreamErrors ERRORS = new UpstreamErrors(
            "All connections to the executors are in use.",
            "No executor can be reached; nothing was started.",
            "The executor",
            "the request may have had its effect. A repetition with the same Idempotency-Key is safe.");

    private static final int MOST_OTHERS = 2;

    private final Executors executors;
    private final Duration timeout;
    private final IdentityAssertion assertion;
    private final Exchanges exchanges;
    private final Maskings maskings;

    /** To one of these, signed with this key. */
    public ToExecutor(
            Executors executors,
            ExecutorSettings settings,
            IdentityAssertion assertion,
            Exchanges exchanges,
            Maskings maskings) {
        this.executors = executors;
        this.timeout = settings.responseTimeout();
        this.assertion = assertion;
        this.exchanges = exchanges;
        this.maskings = maskings;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return Mono.defer(() -> {
            Principal principal = Authenticated.of(exchange);
            return principal.masked()
                    ? maskings.told(principal).flatMap(told -> pass(told, exchange, chain))
                    : pass(principal, exchange, chain);
        });
    }

    private Mono<Void> pass(Principal principal, ServerWebExchange exchange, GatewayFilterChain chain) {
        exchange.getAttributes().put(Destination.ATTRIBUTE, new Chosen(exchange, principal));
        return exchanges.within(principal.organization(), chain.filter(exchange));
    }

    /** Of one exchange. */
    private final class Chosen implements Destination {

        private final ServerWebExchange exchange;
        private final Principal principal;
        private final String target;
        private Executor executor = executors.choose();
        private boolean begun;

        Chosen(ServerWebExchange exchange, Principal principal) {
            this.exchange = exchange;
            this.principal = principal;
            this.target = Targets.of(exchange.getRequest().getURI());
        }

        @Override
        public HttpClient client() {
            return executor.client();
        }

        @Override
        public String target() {
            return target;
        }

        /** Longer than the longest {@code Prefer: wait}. */
        @Override
        public Duration headTimeout() {
            return timeout;
        }

        /** An event stream may last as long as it likes. */
        @Override
        public @Nullable Duration bodyTimeout() {
            return null;
        }

        /** By others. */
        @Override
        public int retries() {
            return Math.min(MOST_OTHERS, executors.count() - 1);
        }

        @Override
        public void request(HttpHeaders headers) {
            headers.remove(HttpHeaderNames.AUTHORIZATION).remove(HttpHeaderNames.COOKIE);
            String method = exchange.getRequest().getMethod().name();
            headers.set(IdentityAssertion.HEADER, assertion.sign(principal, method, target));
            RequestIdentity identity = RequestIdentity.of(exchange);
            headers.set(RequestIdentity.HEADER, identity.requestId());
            headers.set(TraceParent.HEADER, identity.trace().toString());
        }

        @Override
        public void response(org.springframework.http.HttpHeaders headers) {}

        /** Each attempt after the first goes to another one. */
        @Override
        public void begin() {
            executor = begun ? executors.chooseOther(executor) : executor;
            begun = true;
            executor.begin();
        }

        @Override
        public void answered(int status) {
            executor.answered(status);
        }

        /** What a client did wrong, and a pool that is full, say nothing about the executor. */
        @Override
        public void failed(Throwable error) {
            if (error instanceof IOException
                    || error instanceof TimeoutException
                    || error instanceof Forwarding.Unwell) {
                executor.failed();
            } else {
                executor.withdrawn();
            }
        }

        @Override
        public void withdrawn() {
            executor.withdrawn();
        }

        @Override
        public Throwable explain(Throwable error) {
            return ERRORS.translate(error);
        }
    }
}

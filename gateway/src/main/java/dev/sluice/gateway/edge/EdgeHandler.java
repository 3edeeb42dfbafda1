package dev.sluice.gateway.edge;

import dev.sluice.gateway.ingress.WebhookDoor;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.web.ProblemResponses;
import dev.sluice.shared.web.RequestIdentity;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/**
 * The first thing every request meets: webhooks go to their door, all others to the filters and handlers of Spring. Until
 * the database is migrated the answer is 503. A body that takes too long to arrive ends in 408.
 */
public final class EdgeHandler implements HttpHandler {

    private static final Duration SOON = Duration.ofSeconds(2);

    private final HttpHandler door;
    private final HttpHandler api;
    private final BooleanSupplier started;
    private final Duration bodyTimeout;

    /** A handler before the two, with a time for bodies to arrive. */
    public EdgeHandler(HttpHandler door, HttpHandler api, BooleanSupplier started, Duration bodyTimeout) {
        this.door = door;
        this.api = api;
        this.started = started;
        this.bodyTimeout = bodyTimeout;
    }

    @Override
    public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
        if (!started.getAsBoolean()) {
            SluiceException starting = SluiceException.unavailable("The gateway is starting.", SOON, null);
            return ProblemResponses.write(response, starting, RequestIdentity.of(request.getHeaders()));
        }
        boolean webhook = request.getURI().getRawPath().startsWith(WebhookDoor.PATH);
        return (webhook ? door : api).handle(new TimedRequest(request, bodyTimeout), response);
    }
}

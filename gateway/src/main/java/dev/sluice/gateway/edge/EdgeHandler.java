package dev.sluice.gateway.edge;

import dev.sluice.gateway.ingress.WebhookDoor;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.web.ProblemResponses;
import dev.sluice.shared.web.RequestIdentity;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/**
 * The first thing every request meets: webhooks go to their door, all others to the filters and handlers of Spring. Until
 * the database is migrated the answer is 503. A request that may be read in two ways ends in 400, a body that takes
 * too long to arrive in 408.
 */
public final class EdgeHandler implements HttpHandler {

    private static final Duration SOON = Duration.ofSeconds(2);

    private final HttpHandler door;
    private final HttpHandler api;
    private final BooleanSupplier started;
    private final Duration bodyTimeout;
    private final ClientAddress clients;
    private final ClientScheme schemes;

    /** A handler before the two. */
    public EdgeHandler(HttpHandler door, HttpHandler api, BooleanSupplier started, EdgeSettings settings) {
        this.door = door;
        this.api = api;
        this.started = started;
        this.bodyTimeout = settings.bodyTimeout();
        this.clients = new ClientAddress(settings);
        this.schemes = new ClientScheme(settings);
    }

    @Override
    public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
        if (!started.getAsBoolean()) {
            SluiceException starting = SluiceException.unavailable("The gateway is starting.", SOON, null);
            return ProblemResponses.write(response, starting, RequestIdentity.of(request.getHeaders()));
        }
        Optional<SluiceException> objection = Unambiguous.objection(request);
        if (objection.isPresent()) {
            // Where the next request begins is anybody's guess too.
            response.getHeaders().set(HttpHeaders.CONNECTION, "close");
            return ProblemResponses.write(response, objection.get(), RequestIdentity.of(request.getHeaders()));
        }
        boolean webhook = request.getURI().getRawPath().startsWith(WebhookDoor.PATH);
        EdgeRequest seen = new EdgeRequest(request, bodyTimeout, clients.of(request), schemes.of(request));
        return (webhook ? door : api).handle(seen, response);
    }
}

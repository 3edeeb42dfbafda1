package dev.sluice.executor.erasure;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.tenancy.PrincipalContext;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the gateway has an executor do about an organization that is closed; a request is a bounded step, and may come again. The
 * gateway knows when, and how far it is. Only it asks: these paths are passed on for nobody. Thread-safe.
 */
public final class Erasures {

    /** Forgets erasures that were left behind. */
    public static final Retention.Rule RETENTION = new Retention.Rule("erasures", ErasureStore.RETENTION);

    private static final int HELD_ROWS = 1_000;

    /** 64 MB of a table, read in their order. */
    private static final int PAGES = 8_192;

    private static final int MAX_ROWS = 1_000;
    private static final Duration SOON = Duration.ofSeconds(2);

    private final ErasureStore store;

    /** On connections of the engine. */
    public Erasures(ConnectionPool engine) {
        this.store = new ErasureStore(engine);
    }

    /** The paths: hold, release, a step, and its end. */
    public RouterFunction<ServerResponse> routes() {
        return route().POST("/v1/erasure:hold", request -> answer(organization -> store.hold(organization, HELD_ROWS)))
                .POST("/v1/erasure:release", request -> answer(store::release))
                .POST("/v1/erasure:forget", request -> answer(store::forget))
                .POST("/v1/erasure", this::erase)
                .build();
    }

    private Mono<ServerResponse> erase(ServerRequest request) {
        int rows = request.queryParam("rows").map(Erasures::rows).orElse(MAX_ROWS);
        return organization()
                .flatMap(organization -> store.erase(organization, PAGES, rows))
                .switchIfEmpty(
                        Mono.error(() -> SluiceException.unavailable("This erasure has a step under way.", SOON, null)))
                .flatMap(step -> json(step.json()));
    }

    private Mono<ServerResponse> answer(Function<OrganizationId, Mono<Long>> work) {
        return organization().flatMap(work).flatMap(rows -> json(Json.object().put("rows", rows)));
    }

    private static Mono<OrganizationId> organization() {
        return PrincipalContext.current().map(principal -> {
            if (principal.scope() != Principal.Scope.PLATFORM) {
                throw new SluiceException(ProblemType.FORBIDDEN, "Only the gateway itself erases.");
            }
            return principal.organization();
        });
    }

    private static int rows(String text) {
        try {
            return Math.clamp(Integer.parseInt(text), 1, MAX_ROWS);
        } catch (NumberFormatException e) {
            throw new SluiceException(ProblemType.INVALID_REQUEST, "'rows' must be a number.");
        }
    }

    private static Mono<ServerResponse> json(ObjectNode body) {
        return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(Json.bytes(body));
    }
}

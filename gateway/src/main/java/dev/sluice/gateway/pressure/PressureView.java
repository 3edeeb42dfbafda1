package dev.sluice.gateway.pressure;

import dev.sluice.gateway.executor.ExecutorClient;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.pressure.Pressure;
import dev.sluice.shared.pressure.PressureRoutes;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.tenancy.PrincipalContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Shows the bounds of this gateway, and of the executor that answers it. It takes no place among the exchanges: it is asked
 * when there is none.
 */
public final class PressureView {

    private static final Logger LOG = LoggerFactory.getLogger(PressureView.class);

    private final Pressure own;
    private final ExecutorClient executor;

    /** Over this gateway's own bounds. */
    public PressureView(Pressure own, ExecutorClient executor) {
        this.own = own;
        this.executor = executor;
    }

    /** Its path. */
    public RouterFunction<ServerResponse> routes() {
        return PressureRoutes.of(PrincipalContext.current().flatMap(this::show));
    }

    private Mono<ObjectNode> show(Principal viewer) {
        return Mono.zip(own.of(viewer), ofExecutor(viewer))
                .map(both -> Json.object()
                        .set("nodes", Json.array().add(both.getT1()).add(both.getT2())));
    }

    private Mono<JsonNode> ofExecutor(Principal viewer) {
        return executor.pressure(viewer).onErrorResume(error -> {
            LOG.debug("No executor could be asked for its pressure: {}", error.toString());
            return Mono.just(unknown());
        });
    }

    private static ObjectNode unknown() {
        ObjectNode document = Json.object();
        document.put("service", "executor");
        document.put("complete", false);
        document.putArray("bounds");
        return document;
    }
}

package dev.sluice.executor.dispatch;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.redis.WorkStreams;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.PrincipalContext;
import dev.sluice.shared.web.Page;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** HTTP in and out of the events that were given up. */
final class DeadEventsHandler {

    private static final Logger LOG = LoggerFactory.getLogger(DeadEventsHandler.class);

    private final DeadEventStore store;
    private final WorkStreams streams;

    DeadEventsHandler(DeadEventStore store, WorkStreams streams) {
        this.store = store;
        this.streams = streams;
    }

    Mono<ServerResponse> list(ServerRequest request) {
        Page page = Page.of(request);
        return PrincipalContext.current()
                .flatMap(principal -> store.list(principal.organization(), page))
                .flatMap(found -> json(
                        ServerResponse.ok(),
                        page.document(
                                found, DeadEvent::toJson, last -> last.eventId().toString())));
    }

    Mono<ServerResponse> retry(ServerRequest request) {
        String text = request.pathVariable("id");
        UUID id = Ids.parse(text).orElseThrow(() -> none(text));
        return PrincipalContext.current()
                .flatMap(principal -> store.revive(principal.organization(), id)
                        .switchIfEmpty(Mono.error(() -> none(text)))
                        .flatMap(event -> publish(principal.organization(), event)))
                .flatMap(body -> json(ServerResponse.accepted(), body));
    }

    /** Now if Redis is there; else the reconciler does so. */
    private Mono<ObjectNode> publish(OrganizationId organization, UUID event) {
        return streams.publish(organization, List.of(event))
                .doOnError(error -> LOG.warn("Event {} waits for the reconciler: {}", event, error.getMessage()))
                .onErrorResume(error -> Mono.just(0))
                .thenReturn(Json.object().put("eventId", event.toString()).put("received", false));
    }

    private static SluiceException none(String id) {
        return SluiceException.notFound("An event " + id + " that was given up");
    }

    private static Mono<ServerResponse> json(ServerResponse.BodyBuilder response, ObjectNode body) {
        return response.contentType(MediaType.APPLICATION_JSON).bodyValue(Json.bytes(body));
    }
}

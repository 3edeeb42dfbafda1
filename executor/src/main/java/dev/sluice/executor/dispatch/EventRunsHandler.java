package dev.sluice.executor.dispatch;

import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.event.EventStore;
import dev.sluice.executor.gathering.Gatherings;
import dev.sluice.executor.gathering.Waiting;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.masking.Masking;
import dev.sluice.shared.masking.Maskings;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.PrincipalContext;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells which runs an event started and, per workflow that listens to events, why it started none. */
final class EventRunsHandler {

    /** Workflows whose reasons are told. */
    private static final int MAX_TRIGGERS = 100;

    private static final String NOT_THERE = "It was deployed after the event was handed over.";

    /** Why a filter does not take an event is said with what the event has. */
    private static final String HIDDEN = "It takes no such event, or waits for others; who may see all data sees why.";

    private final DispatchStore store;
    private final EventStore events;
    private final DeadEventStore dead;
    private final Matching matching;
    private final Gatherings gatherings;
    private final Maskings maskings;

    EventRunsHandler(
            DispatchStore store,
            EventStore events,
            DeadEventStore dead,
            Matching matching,
            Gatherings gatherings,
            Maskings maskings) {
        this.store = store;
        this.events = events;
        this.dead = dead;
        this.matching = matching;
        this.gatherings = gatherings;
        this.maskings = maskings;
    }

    Mono<ServerResponse> show(ServerRequest request) {
        String text = request.pathVariable("id");
        UUID id = Ids.parse(text).orElseThrow(() -> SluiceException.notFound("Event " + text));
        return PrincipalContext.current()
                .flatMap(principal -> event(principal.organization(), id))
                .zipWith(maskings.current())
                .flatMap(both -> describe(both.getT1(), both.getT2()))
                .flatMap(body -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(Json.bytes(body)));
    }

    private Mono<ArrivedEvent> event(OrganizationId organization, UUID id) {
        return events.byId(List.of(id), 0)
                .filter(event -> event.organization().equals(organization))
                .singleOrEmpty()
                .switchIfEmpty(Mono.error(() -> SluiceException.notFound("Event " + id)));
    }

    private Mono<ObjectNode> describe(ArrivedEvent event, Masking masking) {
        ObjectNode body = Json.object();
        if (event.depth() > 0) {
            // One that a run emitted; those from outside the gateway has itself.
            body.set("event", masking.shownEvent(event.envelope()));
        }
        ArrayNode workflows = Json.array();
        return store.receipt(event.organization(), event.id())
                .doOnNext(receipt -> body.put("received", true))
                .switchIfEmpty(Mono.fromSupplier(() -> {
                    body.put("received", false);
                    return new UUID[0];
                }))
                .flatMap(runIds -> store.statuses(event.organization(), runIds).collectList())
                .doOnNext(runs -> runs.forEach(run -> workflows.add(json(run))))
                .flatMap(runs -> reasons(event, runs, workflows, masking))
                .then(Mono.defer(() -> dead.find(event.organization(), event.id())))
                .doOnNext(given -> body.set("deadLetter", given.toJson()))
                .thenReturn(body)
                .doOnNext(done -> done.set("workflows", workflows));
    }

    private Mono<Void> reasons(
            ArrivedEvent event, List<DispatchStore.StartedRun> runs, ArrayNode workflows, Masking masking) {
        Set<String> started = runs.stream().map(run -> run.workflow().path()).collect(Collectors.toSet());
        return gatherings
                .waiting(event.organization(), event.id())
                .collectMap(Waiting::definitionId)
                .flatMapMany(waiting -> store.triggers(event.organization(), MAX_TRIGGERS)
                        .filter(trigger -> !started.contains(trigger.workflow().path()))
                        .concatMap(trigger -> reason(event, trigger, waiting.get(trigger.definitionId()))
                                .map(reason -> json(trigger, masking.hides() ? HIDDEN : reason))))
                .distinct()
                .doOnNext(workflows::add)
                .then();
    }

    private Mono<String> reason(ArrivedEvent event, Trigger trigger, @Nullable Waiting waiting) {
        if (waiting == null) {
            return matching.mismatch(event, trigger).map(reason -> reason.orElse(NOT_THERE));
        }
        return waiting.needed() == null
                ? growing(event, trigger, waiting)
                : Mono.just("It waits in a set that has " + waiting.there() + " of " + waiting.needed() + " events.");
    }

    private Mono<String> growing(ArrivedEvent event, Trigger trigger, Waiting waiting) {
        String waits = "It waits in a set of " + waiting.there() + " for what ends that.";
        return matching.failure(trigger, gatherings.gathered(event.organization(), event.id(), trigger.definitionId()))
                .map(failure -> waits + " The condition of 'until' fails: " + failure)
                .defaultIfEmpty(waits);
    }

    private static ObjectNode json(DispatchStore.StartedRun run) {
        ObjectNode node = Json.object();
        node.put("namespace", run.workflow().namespace());
        node.put("name", run.workflow().name());
        node.put("version", run.workflow().version());
        node.put("runId", run.id().toString());
        node.put("status", run.status());
        return node;
    }

    private static ObjectNode json(Trigger trigger, String reason) {
        ObjectNode node = Json.object();
        node.put("namespace", trigger.workflow().namespace());
        node.put("name", trigger.workflow().name());
        node.put("version", trigger.workflow().version());
        node.put("reason", reason);
        return node;
    }
}

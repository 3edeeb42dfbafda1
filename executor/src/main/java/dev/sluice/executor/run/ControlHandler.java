package dev.sluice.executor.run;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.deployment.Workflows;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.masking.Masking;
import dev.sluice.shared.masking.Maskings;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.PrincipalContext;
import dev.sluice.shared.web.BoundedBody;
import dev.sluice.shared.web.Page;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** HTTP in and out of {@link Control}, and of the journals it works on. */
final class ControlHandler {

    private static final int MAX_BODY = 64 * 1024;

    private final Control control;
    private final RunStore runs;
    private final JournalPages journals;
    private final Workflows workflows;
    private final Maskings maskings;

    ControlHandler(Control control, RunStore runs, JournalPages journals, Workflows workflows, Maskings maskings) {
        this.control = control;
        this.runs = runs;
        this.journals = journals;
        this.workflows = workflows;
        this.maskings = maskings;
    }

    Mono<ServerResponse> suspend(ServerRequest request) {
        return forRun(request, control::suspend).flatMap(this::accepted);
    }

    Mono<ServerResponse> resume(ServerRequest request) {
        return forRun(request, control::resume).flatMap(this::accepted);
    }

    Mono<ServerResponse> retry(ServerRequest request) {
        return forRun(request, control::retry).flatMap(this::accepted);
    }

    Mono<ServerResponse> rerun(ServerRequest request) {
        return BoundedBody.read(request.exchange().getRequest(), MAX_BODY)
                .flatMap(body -> forRun(request, (organization, id) -> control.rerun(organization, id, from(body))))
                .flatMap(this::accepted);
    }

    Mono<ServerResponse> retryMany(ServerRequest request) {
        return Mono.zip(
                        PrincipalContext.current(),
                        BoundedBody.read(request.exchange().getRequest(), MAX_BODY)
                                .map(RetryFilter::of))
                .flatMap(both -> control.retry(both.getT1().organization(), both.getT2()))
                .flatMap(retried -> json(ServerResponse.accepted(), retried(retried)));
    }

    Mono<ServerResponse> journal(ServerRequest request) {
        Page page = Page.of(request);
        int after = after(page);
        return forRun(
                        request,
                        (organization, id) -> runs.find(organization, id)
                                .switchIfEmpty(Mono.error(() -> SluiceException.notFound("Run " + id)))
                                .flatMap(run -> Mono.zip(
                                        places(run.definitionId()),
                                        journals.after(organization, id, after, page.rows())
                                                .collectList(),
                                        maskings.current())))
                .flatMap(found ->
                        json(ServerResponse.ok(), document(page, found.getT2(), found.getT1(), found.getT3())));
    }

    /** The journal of a document that this version cannot read is shown without the names of its tasks. */
    private Mono<Map<Integer, TaskBase>> places(UUID definitionId) {
        return workflows.compiled(definitionId).map(Places::of).onErrorReturn(Map.of());
    }

    private static ObjectNode document(
            Page page, List<JournalLine> lines, Map<Integer, TaskBase> places, Masking masking) {
        return page.document(lines, line -> line.toJson(places, masking), last -> Integer.toString(last.seq()));
    }

    private static int after(Page page) {
        try {
            return page.cursor() == null ? 0 : Integer.parseInt(page.cursor());
        } catch (NumberFormatException e) {
            throw invalid("The query parameter 'cursor' is not valid: expected the 'next' of the former page.");
        }
    }

    private static @Nullable String from(byte[] body) {
        JsonNode json = body.length == 0 ? Json.object() : Json.read(body);
        if (!json.isObject() || !Set.of("from").containsAll(json.propertyNames())) {
            throw invalid("An object is expected with nothing but 'from', the reference of a task.");
        }
        JsonNode from = json.path("from");
        if (!from.isMissingNode() && !from.isString()) {
            throw invalid("'from' must be the reference of a task, such as /do/0/first.");
        }
        return from.isString() ? from.asString() : null;
    }

    private static ObjectNode retried(ControlStore.Retried retried) {
        ObjectNode node = Json.object();
        ArrayNode ids = node.putArray("retried");
        retried.ids().forEach(id -> ids.add(id.toString()));
        return node.put("more", retried.more());
    }

    private static <T> Mono<T> forRun(ServerRequest request, BiFunction<OrganizationId, UUID, Mono<T>> work) {
        String text = request.pathVariable("id");
        UUID id = Ids.parse(text).orElseThrow(() -> SluiceException.notFound("Run " + text));
        return PrincipalContext.current().flatMap(principal -> work.apply(principal.organization(), id));
    }

    private static SluiceException invalid(String detail) {
        return new SluiceException(ProblemType.INVALID_REQUEST, detail);
    }

    private Mono<ServerResponse> accepted(RunView run) {
        return maskings.current().flatMap(masking -> json(ServerResponse.accepted(), run.toJson(masking)));
    }

    private static Mono<ServerResponse> json(ServerResponse.BodyBuilder response, JsonNode body) {
        return response.contentType(MediaType.APPLICATION_JSON).bodyValue(Json.bytes(body));
    }
}

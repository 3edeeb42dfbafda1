package dev.sluice.executor.run;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.masking.Masking;
import dev.sluice.shared.masking.Maskings;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.service.OpenStreams;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.tenancy.PrincipalContext;
import dev.sluice.shared.web.BoundedBody;
import dev.sluice.shared.web.Page;
import dev.sluice.shared.web.RequestIdentity;
import dev.sluice.shared.web.StartOutcome;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** HTTP in and out of {@link Runs}. */
final class RunHandler {

    private final Runs runs;
    private final Maskings maskings;
    private final int maxInputBytes;
    private final OpenStreams streams;

    RunHandler(Runs runs, Maskings maskings, int maxInputBytes, OpenStreams streams) {
        this.runs = runs;
        this.maskings = maskings;
        this.maxInputBytes = maxInputBytes;
        this.streams = streams;
    }

    Mono<ServerResponse> start(ServerRequest request) {
        StartOptions options = StartOptions.of(request);
        return Mono.zip(
                        PrincipalContext.current(),
                        BoundedBody.read(request.exchange().getRequest(), maxInputBytes))
                .map(both -> wanted(request, options, both.getT1(), both.getT2()))
                .flatMap(start ->
                        begin(start, options, request.exchange().getResponse().getHeaders()));
    }

    Mono<ServerResponse> show(ServerRequest request) {
        return forRun(request, runs::find).flatMap(run -> shown(ServerResponse.ok(), run));
    }

    Mono<ServerResponse> cancel(ServerRequest request) {
        return forRun(request, runs::cancel).flatMap(run -> shown(ServerResponse.accepted(), run));
    }

    Mono<ServerResponse> events(ServerRequest request) {
        int after = EventStream.position(request.headers().firstHeader("Last-Event-ID"));
        return forRun(
                request,
                (organization, id) -> runs.find(organization, id)
                        .flatMap(run -> streamed(ServerResponse.ok(), organization, id, after)));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        Page page = Page.of(request);
        RunQuery query = query(request, page);
        return PrincipalContext.current()
                .flatMap(principal -> runs.list(principal.organization(), query).collectList())
                .flatMap(found -> json(
                        ServerResponse.ok(),
                        page.document(
                                found,
                                run -> run.toJson(Masking.NONE),
                                last -> last.id().toString())));
    }

    private Mono<ServerResponse> streamed(
            ServerResponse.BodyBuilder response, OrganizationId organization, UUID id, int after) {
        return maskings.current()
                .flatMap(masking -> EventStream.respond(response, events(organization, id, after, masking)));
    }

    /** Ends early when this node stops; the client goes on with another. */
    private Flux<byte[]> events(OrganizationId organization, UUID id, int after, Masking masking) {
        return streams.track(EventStream.of(runs.events(organization, id, after).map(event -> event.shown(masking))));
    }

    /** Whether a run was made stands in the headers as soon as it is known, whatever is answered in the end. */
    private Mono<ServerResponse> begin(Runs.Start start, StartOptions options, HttpHeaders answer) {
        if (options.stream()) {
            return runs.start(start)
                    .doOnNext(started -> tell(started.created(), answer))
                    .flatMap(started -> streamed(
                            located(ServerResponse.ok(), started.id()), start.organization(), started.id(), -1));
        }
        return options.patience() == null ? accepted(start, answer) : finished(start, options.patience(), answer);
    }

    private Mono<ServerResponse> accepted(Runs.Start start, HttpHeaders answer) {
        return runs.startAndShow(start)
                .doOnNext(shown -> tell(shown.created(), answer))
                .flatMap(shown -> accepted(shown.run()));
    }

    private static void tell(boolean created, HttpHeaders answer) {
        (created ? StartOutcome.STARTED : StartOutcome.REPEATED).set(answer);
    }

    private Mono<ServerResponse> accepted(RunView run) {
        return shown(located(ServerResponse.accepted(), run.id()), run);
    }

    private Mono<ServerResponse> shown(ServerResponse.BodyBuilder response, RunView run) {
        return maskings.current().flatMap(masking -> json(response, run.toJson(masking)));
    }

    /**
     * The output if it is there in time, and before this node stops; the run goes on all the same when it is not, or when
     * the caller leaves.
     */
    private Mono<ServerResponse> finished(Runs.Start start, Duration wait, HttpHeaders answer) {
        Mono<Runs.Started> begun = runs.start(start)
                .doOnNext(started -> tell(started.created(), answer))
                .cache();
        Mono<ServerResponse> late = begun.flatMap(started -> current(start, started.id()));
        return streams.track(runs.startAndWait(start, begun).flux())
                .next()
                .flatMap(end -> begun.flatMap(started -> outcome(started.id(), end)))
                .timeout(wait, late)
                .switchIfEmpty(late);
    }

    private Mono<ServerResponse> current(Runs.Start start, UUID id) {
        return runs.find(start.organization(), id).flatMap(this::accepted);
    }

    private Mono<ServerResponse> outcome(UUID id, RunEnd end) {
        return maskings.current().flatMap(masking -> outcome(id, end, masking));
    }

    private static Mono<ServerResponse> outcome(UUID id, RunEnd end, Masking masking) {
        JsonNode output = end.output();
        if (end.status() == RunStatus.COMPLETED && output != null) {
            return json(located(ServerResponse.ok(), id).header("Preference-Applied", "wait"), masking.shown(output));
        }
        JsonNode error = end.error();
        return Mono.error(failure(id, end, error == null ? null : masking.shown(error)));
    }

    private static SluiceException failure(UUID id, RunEnd end, @Nullable JsonNode error) {
        Map<String, JsonNode> extensions = error == null
                ? Map.of("run", Json.string("/v1/runs/" + id))
                : Map.of("run", Json.string("/v1/runs/" + id), "error", error);
        boolean faulted = end.status() == RunStatus.FAULTED;
        return new SluiceException(
                faulted ? ProblemType.RUN_FAULTED : ProblemType.RUN_CANCELLED,
                faulted ? "The workflow ended with the error below." : "The run was cancelled before it ended.",
                List.of(),
                extensions,
                null,
                null);
    }

    private static Runs.Start wanted(ServerRequest request, StartOptions options, Principal principal, byte[] body) {
        return new Runs.Start(
                Ids.next(),
                principal.organization(),
                request.pathVariable("namespace"),
                request.pathVariable("name"),
                body,
                options.key(),
                options.priority(),
                RequestIdentity.of(request.exchange()).trace().toString());
    }

    private static <T> Mono<T> forRun(ServerRequest request, BiFunction<OrganizationId, UUID, Mono<T>> work) {
        String text = request.pathVariable("id");
        UUID id = Ids.parse(text).orElseThrow(() -> SluiceException.notFound("Run " + text));
        return PrincipalContext.current().flatMap(principal -> work.apply(principal.organization(), id));
    }

    private static RunQuery query(ServerRequest request, Page page) {
        String cursor = page.cursor();
        UUID before = cursor == null ? null : Ids.parse(cursor).orElseThrow(() -> invalid("cursor", "unknown"));
        RunStatus status = request.queryParam("status")
                .map(text -> RunStatus.of(text).orElseThrow(() -> invalid("status", "no such status")))
                .orElse(null);
        String workflow = request.queryParam("workflow").orElse(null);
        if (workflow == null) {
            return new RunQuery(before, status, null, null, page.rows());
        }
        String[] parts = workflow.split("/", -1);
        if (parts.length != 2) {
            throw invalid("workflow", "expected namespace/name");
        }
        return new RunQuery(before, status, parts[0], parts[1], page.rows());
    }

    private static SluiceException invalid(String parameter, String detail) {
        return new SluiceException(
                ProblemType.INVALID_REQUEST, "The query parameter '" + parameter + "' is not valid: " + detail + ".");
    }

    private static ServerResponse.BodyBuilder located(ServerResponse.BodyBuilder response, UUID id) {
        return response.location(URI.create("/v1/runs/" + id));
    }

    private static Mono<ServerResponse> json(ServerResponse.BodyBuilder response, JsonNode body) {
        return response.contentType(MediaType.APPLICATION_JSON).bodyValue(Json.bytes(body));
    }
}

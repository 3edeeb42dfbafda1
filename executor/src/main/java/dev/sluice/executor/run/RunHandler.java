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
import tools.jackson.databind.node.NullNode;

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
        // What is to be seen is known before anything is begun, so that nothing is begun that cannot be answered.
        return Mono.zip(
                        PrincipalContext.current(),
                        BoundedBody.read(request.exchange().getRequest(), maxInputBytes),
                        maskings.current())
                .map(all -> new Asked(
                        wanted(request, options, all.getT1(), all.getT2()),
                        all.getT1(),
                        all.getT3(),
                        request.exchange().getResponse().getHeaders()))
                .flatMap(asked -> begin(asked, options));
    }

    Mono<ServerResponse> show(ServerRequest request) {
        return forRun(request, runs::find).flatMap(run -> shown(ServerResponse.ok(), run));
    }

    Mono<ServerResponse> cancel(ServerRequest request) {
        return forRun(request, runs::cancel).flatMap(run -> shown(ServerResponse.accepted(), run));
    }

    Mono<ServerResponse> events(ServerRequest request) {
        int after = EventStream.position(request.headers().firstHeader("Last-Event-ID"));
        return forRun(request, runs::find)
                .zipWith(PrincipalContext.current())
                .flatMap(found -> EventStream.respond(
                        ServerResponse.ok(), events(found.getT2(), found.getT1().id(), after)));
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

    /** Ends early when this node stops; the client goes on with another. Rules that are made meanwhile hold too. */
    private Flux<byte[]> events(Principal reader, UUID id, int after) {
        return shown(reader, runs.events(reader.organization(), id, after));
    }

    private Flux<byte[]> shown(Principal reader, Flux<RunEvent> events) {
        return streams.track(EventStream.of(
                reader.masked() ? events.concatMap(event -> maskings.of(reader).map(event::shown)) : events));
    }

    /** Whether a run was made stands in the headers as soon as it is known, whatever is answered in the end. */
    private Mono<ServerResponse> begin(Asked asked, StartOptions options) {
        if (options.stream()) {
            return runs.startAndFollow(asked.start())
                    .doOnNext(followed -> asked.tell(followed.started().created()))
                    .flatMap(followed -> EventStream.respond(
                            located(ServerResponse.ok(), followed.started().id()),
                            shown(asked.reader(), followed.events())));
        }
        return options.patience() == null ? accepted(asked) : finished(asked, options.patience());
    }

    private Mono<ServerResponse> accepted(Asked asked) {
        return runs.startAndShow(asked.start())
                .doOnNext(shown -> asked.tell(shown.created()))
                .flatMap(shown -> asked.accepted(shown.run()));
    }

    private Mono<ServerResponse> shown(ServerResponse.BodyBuilder response, RunView run) {
        return maskings.current().flatMap(masking -> json(response, run.toJson(masking)));
    }

    /**
     * The output if it is there in time, and before this node stops; the run goes on all the same when it is not, or when
     * the caller leaves.
     */
    private Mono<ServerResponse> finished(Asked asked, Duration wait) {
        Mono<Runs.Started> begun = runs.start(asked.start())
                .doOnNext(started -> asked.tell(started.created()))
                .cache();
        Mono<ServerResponse> late = begun.flatMap(started ->
                runs.find(asked.reader().organization(), started.id()).flatMap(asked::accepted));
        return streams.track(runs.startAndWait(asked.start(), begun).flux())
                .next()
                .flatMap(end -> begun.flatMap(started -> asked.outcome(started.id(), end)))
                .timeout(wait, late)
                .switchIfEmpty(late);
    }

    /** A start with who asks for it, what they may see of it, and the headers of the answer. */
    private record Asked(Runs.Start start, Principal reader, Masking masking, HttpHeaders answer) {

        void tell(boolean created) {
            (created ? StartOutcome.STARTED : StartOutcome.REPEATED).set(answer);
        }

        Mono<ServerResponse> accepted(RunView run) {
            return json(located(ServerResponse.accepted(), run.id()), run.toJson(masking));
        }

        Mono<ServerResponse> outcome(UUID id, RunEnd end) {
            JsonNode output = end.output();
            if (end.status() == RunStatus.COMPLETED && output != null) {
                JsonNode shown = masking.shown("output", output);
                return json(
                        located(ServerResponse.ok(), id).header("Preference-Applied", "wait"),
                        shown == null ? NullNode.getInstance() : shown);
            }
            JsonNode error = end.error();
            return Mono.error(failure(id, end, error == null ? null : masking.shown("error", error)));
        }
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

package dev.sluice.executor.deployment;

import dev.sluice.executor.definition.EventFilter;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.PrincipalContext;
import dev.sluice.shared.web.BoundedBody;
import dev.sluice.shared.web.Page;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** HTTP in and out of {@link Workflows}. */
final class WorkflowHandler {

    private final Workflows workflows;
    private final DocumentReader documents;
    private final int maxDocumentBytes;

    WorkflowHandler(Workflows workflows, DocumentReader documents, int maxDocumentBytes) {
        this.workflows = workflows;
        this.documents = documents;
        this.maxDocumentBytes = maxDocumentBytes;
    }

    Mono<ServerResponse> deploy(ServerRequest request) {
        WorkflowDocuments.Format format = format(request);
        return PrincipalContext.current()
                .flatMap(principal -> BoundedBody.read(request.exchange().getRequest(), maxDocumentBytes)
                        .flatMap(body -> documents.read(principal.organization(), body, format))
                        .flatMap(read -> workflows
                                .deploy(principal.organization(), read)
                                .flatMap(deployed -> deployed(deployed, read.workflow()))));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        Page page = Page.of(request);
        List<String> after = position(page.cursor());
        String namespace = after.isEmpty() ? null : after.getFirst();
        String name = after.isEmpty() ? null : after.getLast();
        return PrincipalContext.current()
                .flatMap(principal -> workflows
                        .list(principal.organization(), namespace, name, page.rows())
                        .collectList())
                .flatMap(found -> ok(page.document(
                        found, WorkflowHandler::json, last -> last.name().path())));
    }

    Mono<ServerResponse> show(ServerRequest request) {
        return PrincipalContext.current()
                .flatMap(principal -> workflows
                        .active(
                                principal.organization(),
                                request.pathVariable("namespace"),
                                request.pathVariable("name"))
                        .flatMap(deployment -> shown(principal.organization(), deployment)));
    }

    Mono<ServerResponse> showVersion(ServerRequest request) {
        return PrincipalContext.current()
                .flatMap(principal -> workflows
                        .version(principal.organization(), name(request))
                        .flatMap(deployment -> shown(principal.organization(), deployment)));
    }

    Mono<ServerResponse> activate(ServerRequest request) {
        return PrincipalContext.current()
                .flatMap(principal -> workflows
                        .activate(principal.organization(), name(request))
                        .flatMap(deployment -> shown(principal.organization(), deployment)));
    }

    Mono<ServerResponse> versions(ServerRequest request) {
        Page page = Page.of(request);
        String cursor = page.cursor();
        UUID before = cursor == null ? null : Ids.parse(cursor).orElseThrow(WorkflowHandler::invalidCursor);
        return PrincipalContext.current()
                .flatMap(principal -> workflows
                        .versions(
                                principal.organization(),
                                request.pathVariable("namespace"),
                                request.pathVariable("name"),
                                before,
                                page.rows())
                        .collectList())
                .filter(found -> cursor != null || !found.isEmpty())
                .switchIfEmpty(Mono.error(() -> SluiceException.notFound(
                        "Workflow " + request.pathVariable("namespace") + "/" + request.pathVariable("name"))))
                .flatMap(found -> ok(page.document(
                        found,
                        version -> json(version.deployment()).put("active", version.active()),
                        last -> last.deployment().id().toString())));
    }

    private static WorkflowName name(ServerRequest request) {
        return new WorkflowName(
                request.pathVariable("namespace"), request.pathVariable("name"), request.pathVariable("version"));
    }

    private Mono<ServerResponse> shown(OrganizationId organization, Deployment deployment) {
        return workflows
                .compiled(deployment.id())
                .flatMap(workflow -> withSets(organization, deployment, workflow))
                .flatMap(WorkflowHandler::ok);
    }

    private Mono<ObjectNode> withSets(OrganizationId organization, Deployment deployment, Workflow workflow) {
        ObjectNode node = withDocument(deployment, workflow);
        return workflow.together()
                ? workflows
                        .sets(organization, deployment)
                        .doOnNext(sets -> node.putObject("sets")
                                .put("open", sets.open())
                                .put("dropped", sets.dropped())
                                .put("filled", sets.filled()))
                        .thenReturn(node)
                : Mono.just(node);
    }

    /** Namespace and name a page goes on after; empty for the first page. */
    private static List<String> position(@Nullable String cursor) {
        List<String> parts = cursor == null ? List.of() : List.of(cursor.split("/", -1));
        if (cursor != null && parts.size() != 2) {
            throw invalidCursor();
        }
        return parts;
    }

    private static SluiceException invalidCursor() {
        return new SluiceException(ProblemType.INVALID_REQUEST, "The query parameter 'cursor' is not valid.");
    }

    private static Mono<ServerResponse> deployed(Workflows.Deployed deployed, Workflow workflow) {
        String path = deployed.deployment().name().path();
        URI location = URI.create("/v1/workflows/" + path + "/versions/"
                + deployed.deployment().name().version());
        ServerResponse.BodyBuilder response = deployed.created()
                ? ServerResponse.created(location)
                : ServerResponse.ok().location(location);
        return response.contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Json.bytes(described(deployed.deployment(), workflow)));
    }

    private static ObjectNode withDocument(Deployment deployment, Workflow workflow) {
        ObjectNode node = described(deployment, workflow);
        node.set("document", workflow.source());
        return node;
    }

    private static ObjectNode described(Deployment deployment, Workflow workflow) {
        ObjectNode node = json(deployment);
        ArrayNode triggers = node.putArray("triggers");
        for (EventFilter filter : workflow.triggers()) {
            ObjectNode trigger = triggers.addObject();
            trigger.put("type", filter.fixedType());
            trigger.put("source", filter.source());
        }
        return node;
    }

    private static ObjectNode json(Deployment deployment) {
        ObjectNode node = Json.object();
        node.put("namespace", deployment.name().namespace());
        node.put("name", deployment.name().name());
        node.put("version", deployment.name().version());
        node.put("deployedAt", deployment.deployedAt().toString());
        return node;
    }

    private static Mono<ServerResponse> ok(ObjectNode body) {
        return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(Json.bytes(body));
    }

    private static WorkflowDocuments.Format format(ServerRequest request) {
        String subtype = request.headers()
                .contentType()
                .map(type -> type.getSubtype().toLowerCase(Locale.ROOT))
                .orElse("yaml");
        if (List.of("yaml", "x-yaml", "octet-stream", "x-www-form-urlencoded").contains(subtype)) {
            // curl calls a file a form unless told otherwise.
            return WorkflowDocuments.Format.YAML;
        }
        if (subtype.equals("json") || subtype.endsWith("+json")) {
            return WorkflowDocuments.Format.JSON;
        }
        throw new SluiceException(
                ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send the document as application/yaml or application/json.");
    }
}

package dev.sluice.gateway.published;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Published routes over HTTP. */
final class RouteHandler {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");

    private final RouteService service;
    private final URI publicUrl;

    RouteHandler(RouteService service, URI publicUrl) {
        this.service = service;
        this.publicUrl = publicUrl;
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return service.list(Authenticated.caller(request.exchange()))
                .flatMap(routes -> JsonAnswer.of(HttpStatus.OK, items(request, routes)));
    }

    Mono<ServerResponse> show(ServerRequest request) {
        return service.find(Authenticated.caller(request.exchange()), request.pathVariable("name"))
                .flatMap(route -> JsonAnswer.of(HttpStatus.OK, json(request, route)));
    }

    Mono<ServerResponse> put(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .flatMap(fields -> {
                    Optional<PublishedRoute> route = RouteJson.read(fields);
                    fields.finish();
                    return service.put(Authenticated.caller(request.exchange()), newName(request), route.orElseThrow());
                })
                .flatMap(route -> JsonAnswer.of(HttpStatus.OK, json(request, route)));
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        return service.delete(Authenticated.caller(request.exchange()), request.pathVariable("name"))
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    Mono<ServerResponse> purge(ServerRequest request) {
        return service.purge(Authenticated.caller(request.exchange()), request.pathVariable("name"))
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    Mono<ServerResponse> versions(ServerRequest request) {
        return service.versions(Authenticated.caller(request.exchange()), request.pathVariable("name"))
                .flatMap(versions -> JsonAnswer.of(HttpStatus.OK, items(request, versions)));
    }

    Mono<ServerResponse> version(ServerRequest request) {
        return Mono.fromCallable(() -> number(request))
                .flatMap(number ->
                        service.find(Authenticated.caller(request.exchange()), request.pathVariable("name"), number))
                .flatMap(version -> JsonAnswer.of(HttpStatus.OK, json(request, version)));
    }

    Mono<ServerResponse> activate(ServerRequest request) {
        return Mono.fromCallable(() -> number(request))
                .flatMap(number -> service.activate(
                        Authenticated.caller(request.exchange()), request.pathVariable("name"), number))
                .flatMap(version -> JsonAnswer.of(HttpStatus.OK, json(request, version)));
    }

    private ObjectNode items(ServerRequest request, List<RouteVersion> versions) {
        ObjectNode page = Json.object();
        ArrayNode items = page.putArray("items");
        versions.forEach(version -> items.add(json(request, version)));
        return page;
    }

    /** With where it is reached. */
    private ObjectNode json(ServerRequest request, RouteVersion version) {
        OrganizationId organization = Authenticated.of(request.exchange()).organization();
        String path = version.document().path("path").asString();
        String base = publicUrl.toString();
        return version.json()
                .put(
                        "url",
                        (base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                                + PublishedPath.of(organization)
                                + path);
    }

    private static String newName(ServerRequest request) {
        String name = request.pathVariable("name");
        if (!NAME.matcher(name).matches()) {
            throw new SluiceException(
                    ProblemType.INVALID_REQUEST,
                    "A route's name has 1 to 63 characters of a-z 0-9 -, the first of them a letter.");
        }
        return name;
    }

    private static int number(ServerRequest request) {
        String version = request.pathVariable("version");
        if (!VERSION.matcher(version).matches()) {
            throw SluiceException.notFound("The version");
        }
        return Integer.parseInt(version);
    }
}

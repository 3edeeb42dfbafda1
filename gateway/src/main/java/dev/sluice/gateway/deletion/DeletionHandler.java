package dev.sluice.gateway.deletion;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.deletion.DeletionService.Requested;
import dev.sluice.gateway.request.Fields;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal.Scope;
import dev.sluice.shared.web.Page;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** The end of organizations over HTTP. */
final class DeletionHandler {

    private static final int MAX_TEXT = 200;

    private final DeletionService service;

    DeletionHandler(DeletionService service) {
        this.service = service;
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        return Mono.fromCallable(() -> own(request))
                .flatMap(id -> JsonBody.fields(request.exchange().getRequest())
                        .map(fields -> text(fields, "name"))
                        .flatMap(name -> service.request(caller(request), id, name)))
                .flatMap(requested -> JsonAnswer.of(HttpStatus.ACCEPTED, json(requested)));
    }

    /** By whoever has the token, and nothing else any more. */
    Mono<ServerResponse> keep(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .map(fields -> text(fields, "token"))
                .flatMap(service::callOff)
                .then(accepted());
    }

    Mono<ServerResponse> keepAny(ServerRequest request) {
        return Mono.fromCallable(() -> {
                    if (caller(request).principal().scope() != Scope.PLATFORM) {
                        throw SluiceException.notFound("The organization");
                    }
                    return id(request);
                })
                .flatMap(service::callOff)
                .then(accepted());
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return Mono.fromCallable(() -> {
                    requirePlatform(caller(request));
                    return Page.of(request);
                })
                .flatMap(page -> service.list(page)
                        .map(found -> page.document(
                                found,
                                Deletion::json,
                                item -> item.organization().toString())))
                .flatMap(page -> JsonAnswer.of(HttpStatus.OK, page));
    }

    private static OrganizationId own(ServerRequest request) {
        OrganizationId id = id(request);
        DeletionService.requireOwn(caller(request), id);
        return id;
    }

    private static OrganizationId id(ServerRequest request) {
        return Ids.parse(request.pathVariable("id"))
                .map(OrganizationId::new)
                .orElseThrow(() -> SluiceException.notFound("The organization"));
    }

    private static Caller caller(ServerRequest request) {
        return Authenticated.caller(request.exchange());
    }

    private static void requirePlatform(Caller caller) {
        if (caller.principal().scope() != Scope.PLATFORM) {
            throw new SluiceException(
                    ProblemType.FORBIDDEN, "Only a key with platform scope may see what is being deleted.");
        }
    }

    private static String text(Fields fields, String name) {
        String text = fields.text(name, 1, MAX_TEXT);
        fields.finish();
        return text;
    }

    private static ObjectNode json(Requested requested) {
        return requested.deletion().json().put("token", requested.token());
    }

    private static Mono<ServerResponse> accepted() {
        return Mono.defer(() -> ServerResponse.accepted().build());
    }
}

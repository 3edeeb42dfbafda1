package dev.sluice.gateway.identity;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.identity.OrganizationService.NewOrganization;
import dev.sluice.gateway.request.Fields;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.Page;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Organizations over HTTP. */
final class OrganizationHandler {

    private static final int MAX_NAME = 200;

    private final OrganizationService service;

    OrganizationHandler(OrganizationService service) {
        this.service = service;
    }

    Mono<ServerResponse> create(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .map(OrganizationHandler::wanted)
                .flatMap(wanted -> service.create(Authenticated.of(request.exchange()), wanted.name, wanted.parent))
                .flatMap(created -> JsonAnswer.of(HttpStatus.CREATED, json(created)));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return Mono.fromCallable(() -> Page.of(request))
                .flatMap(page -> service.list(Authenticated.of(request.exchange()), page)
                        .map(found -> page.document(
                                found, Organization::json, item -> item.id().toString())))
                .flatMap(page -> JsonAnswer.of(HttpStatus.OK, page));
    }

    Mono<ServerResponse> show(ServerRequest request) {
        return Mono.fromCallable(() -> id(request))
                .flatMap(id -> service.find(Authenticated.of(request.exchange()), id))
                .flatMap(found -> JsonAnswer.of(HttpStatus.OK, found.json()));
    }

    private static Wanted wanted(Fields fields) {
        String name = fields.text("name", 1, MAX_NAME);
        Optional<OrganizationId> parent = fields.optional(
                "parent", text -> Ids.parse(text).map(OrganizationId::new), "The id of an organization is expected.");
        fields.finish();
        return new Wanted(name, parent);
    }

    private record Wanted(String name, Optional<OrganizationId> parent) {}

    private static OrganizationId id(ServerRequest request) {
        return Ids.parse(request.pathVariable("id"))
                .map(OrganizationId::new)
                .orElseThrow(() -> SluiceException.notFound("The organization"));
    }

    private static ObjectNode json(NewOrganization created) {
        ObjectNode organization = created.organization().json();
        organization.set("apiKey", created.key().json());
        return organization;
    }
}

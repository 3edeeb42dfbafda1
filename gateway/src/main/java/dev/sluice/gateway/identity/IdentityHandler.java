package dev.sluice.gateway.identity;

import dev.sluice.gateway.identity.IdentityService.NewKey;
import dev.sluice.gateway.identity.IdentityService.NewOrganization;
import dev.sluice.gateway.request.Fields;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.web.Page;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Organizations and keys over HTTP. */
final class IdentityHandler {

    private static final int MAX_NAME = 200;

    private final IdentityService service;

    IdentityHandler(IdentityService service) {
        this.service = service;
    }

    Mono<ServerResponse> createOrganization(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .map(IdentityHandler::name)
                .flatMap(name -> service.createOrganization(Authenticated.of(request.exchange()), name))
                .flatMap(created -> JsonAnswer.of(HttpStatus.CREATED, organization(created)));
    }

    Mono<ServerResponse> createKey(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .map(IdentityHandler::name)
                .flatMap(name -> service.createKey(Authenticated.of(request.exchange()), name))
                .flatMap(created -> JsonAnswer.of(HttpStatus.CREATED, key(created)));
    }

    Mono<ServerResponse> listKeys(ServerRequest request) {
        return Mono.fromCallable(() -> Page.of(request))
                .flatMap(page -> service.keys(Authenticated.of(request.exchange()), page)
                        .map(keys -> page.document(
                                keys, ApiKey::json, item -> item.id().toString())))
                .flatMap(page -> JsonAnswer.of(HttpStatus.OK, page));
    }

    private static String name(Fields fields) {
        String name = fields.text("name", 1, MAX_NAME);
        fields.finish();
        return name;
    }

    private static ObjectNode key(NewKey created) {
        return created.key().json().put("key", created.secret());
    }

    private static ObjectNode organization(NewOrganization created) {
        ObjectNode organization = Json.object();
        organization.put("id", created.id().toString());
        organization.put("name", created.name());
        organization.set("apiKey", key(created.key()));
        return organization;
    }
}

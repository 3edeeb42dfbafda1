package dev.sluice.gateway.session;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.person.Proof;
import dev.sluice.gateway.request.Fields;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.Page;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Sessions over HTTP. */
final class SessionHandler {

    private final SessionService service;
    private final SessionCookie cookie;
    private final DeviceCookie device;

    SessionHandler(SessionService service, SessionCookie cookie, DeviceCookie device) {
        this.service = service;
        this.cookie = cookie;
        this.device = device;
    }

    Mono<ServerResponse> logIn(ServerRequest request) {
        Client client = Client.of(request.exchange().getRequest());
        return JsonBody.fields(request.exchange().getRequest())
                .flatMap(fields -> {
                    Proof proof = Proof.read(fields);
                    Optional<OrganizationId> organization = organization(fields);
                    fields.finish();
                    return device.knows(request.exchange().getRequest(), proof.email())
                            .flatMap(known -> service.logIn(proof, known, organization, client));
                })
                .flatMap(
                        created -> device.of(created.current().person().email()).flatMap(known -> {
                            request.exchange().getResponse().addCookie(known);
                            return answer(created, true);
                        }));
    }

    Mono<ServerResponse> change(ServerRequest request) {
        Client client = Client.of(request.exchange().getRequest());
        return JsonBody.fields(request.exchange().getRequest())
                .flatMap(fields -> {
                    Optional<OrganizationId> organization = fields.required(
                            "organization", SessionHandler::organization, "The id of an organization is expected.");
                    fields.finish();
                    return service.change(Authenticated.caller(request.exchange()), organization.orElseThrow(), client);
                })
                .flatMap(created -> answer(
                        created, cookie.read(request.exchange().getRequest()).isEmpty()));
    }

    Mono<ServerResponse> show(ServerRequest request) {
        return service.current(Authenticated.caller(request.exchange()))
                .flatMap(current -> JsonAnswer.of(HttpStatus.OK, current.json()));
    }

    Mono<ServerResponse> logOut(ServerRequest request) {
        Caller caller = Authenticated.caller(request.exchange());
        return service.end(caller, SessionService.session(caller))
                .then(Mono.defer(
                        () -> ServerResponse.noContent().cookie(cookie.none()).build()));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return Mono.fromCallable(() -> Page.of(request))
                .flatMap(page -> service.list(Authenticated.caller(request.exchange()), page)
                        .map(found -> page.document(
                                found, Session::json, item -> item.id().toString())))
                .flatMap(page -> JsonAnswer.of(HttpStatus.OK, page));
    }

    Mono<ServerResponse> end(ServerRequest request) {
        return Mono.fromCallable(() -> id(request))
                .flatMap(id -> service.end(Authenticated.caller(request.exchange()), id))
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    /** Who keeps the session in a cookie is not shown it again: no script of a page is to get hold of it. */
    private Mono<ServerResponse> answer(NewSession created, boolean shown) {
        return ServerResponse.status(HttpStatus.CREATED)
                .contentType(MediaType.APPLICATION_JSON)
                .header("Cache-Control", "no-store")
                .cookie(cookie.of(created.secret()))
                .bodyValue(Json.bytes(shown ? created.json() : created.withoutSecret()));
    }

    private static Optional<OrganizationId> organization(Fields fields) {
        return fields.optional("organization", SessionHandler::organization, "The id of an organization is expected.");
    }

    private static Optional<OrganizationId> organization(String text) {
        return Ids.parse(text).map(OrganizationId::new);
    }

    private static UUID id(ServerRequest request) {
        return Ids.parse(request.pathVariable("id")).orElseThrow(() -> SluiceException.notFound("The session"));
    }
}

package dev.sluice.gateway.ingress;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.ingress.EndpointService.NewEndpoint;
import dev.sluice.gateway.request.Fields;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.web.Page;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Endpoints and events over HTTP. */
final class IngressHandler {

    private static final int MIN_SECRET = 16;
    private static final int MAX_SECRET = 200;

    private final EndpointService endpoints;
    private final EventService events;
    private final URI publicUrl;

    IngressHandler(EndpointService endpoints, EventService events, URI publicUrl) {
        this.endpoints = endpoints;
        this.events = events;
        this.publicUrl = publicUrl;
    }

    Mono<ServerResponse> createEndpoint(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .map(IngressHandler::wanted)
                .flatMap(wanted -> create(request, wanted))
                .flatMap(created -> JsonAnswer.of(HttpStatus.CREATED, EndpointJson.created(created, publicUrl)));
    }

    Mono<ServerResponse> listEndpoints(ServerRequest request) {
        return Mono.fromCallable(() -> Page.of(request))
                .flatMap(page -> endpoints
                        .list(Authenticated.of(request.exchange()), page)
                        .map(found -> page.document(
                                found, EndpointJson::summary, item -> item.id().toString())))
                .flatMap(page -> JsonAnswer.of(HttpStatus.OK, page));
    }

    Mono<ServerResponse> listEvents(ServerRequest request) {
        return Mono.fromCallable(() -> Page.of(request))
                .flatMap(page -> events.list(Authenticated.of(request.exchange()), page)
                        .map(found -> page.document(
                                found, ReceivedEvent::summary, item -> item.id().toString())))
                .flatMap(page -> JsonAnswer.of(HttpStatus.OK, page));
    }

    Mono<ServerResponse> event(ServerRequest request) {
        return Mono.fromCallable(() -> id(request.pathVariable("id")))
                .flatMap(id -> events.find(Authenticated.of(request.exchange()), id))
                .flatMap(event -> JsonAnswer.of(HttpStatus.OK, event));
    }

    private Mono<NewEndpoint> create(ServerRequest request, Wanted wanted) {
        return endpoints.create(Authenticated.of(request.exchange()), wanted.name, wanted.source, wanted.secret);
    }

    private static Wanted wanted(Fields fields) {
        String name = fields.text("name", 1, 200);
        Optional<EndpointSource> source = fields.oneOf("source", List.of(EndpointSource.values()), EndpointSource::id);
        Optional<String> secret = fields.optionalText("secret", MIN_SECRET, MAX_SECRET);
        fields.finish();
        return new Wanted(name, source.orElseThrow(), secret);
    }

    private static UUID id(String text) {
        return Ids.parse(text).orElseThrow(() -> SluiceException.notFound("The event"));
    }

    private record Wanted(String name, EndpointSource source, Optional<String> secret) {}
}

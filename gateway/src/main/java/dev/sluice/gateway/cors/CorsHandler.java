package dev.sluice.gateway.cors;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The policy of the caller's organization over HTTP. */
final class CorsHandler {

    private final CorsService service;

    CorsHandler(CorsService service) {
        this.service = service;
    }

    Mono<ServerResponse> show(ServerRequest request) {
        return service.find(Authenticated.of(request.exchange()).organization()).flatMap(CorsHandler::shown);
    }

    Mono<ServerResponse> put(ServerRequest request) {
        Caller caller = Authenticated.caller(request.exchange());
        return JsonBody.fields(request.exchange().getRequest())
                .flatMap(fields -> {
                    CorsPolicy policy = CorsJson.read(caller.principal().organization(), fields);
                    fields.finish();
                    return service.put(caller, policy);
                })
                .flatMap(CorsHandler::shown);
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        return service.delete(Authenticated.of(request.exchange()).organization())
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    private static Mono<ServerResponse> shown(CorsPolicy policy) {
        return JsonAnswer.of(HttpStatus.OK, CorsJson.write(policy));
    }
}

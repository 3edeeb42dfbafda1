package dev.sluice.gateway.retention;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The policy of the caller's organization over HTTP. */
final class RetentionHandler {

    private final RetentionService service;

    RetentionHandler(RetentionService service) {
        this.service = service;
    }

    Mono<ServerResponse> show(ServerRequest request) {
        return service.find(Authenticated.of(request.exchange()).organization()).flatMap(this::shown);
    }

    Mono<ServerResponse> put(ServerRequest request) {
        Caller caller = Authenticated.caller(request.exchange());
        return JsonBody.fields(request.exchange().getRequest())
                .flatMap(fields -> {
                    RetentionJson.Wanted wanted = RetentionJson.read(fields, service.eventsDays());
                    fields.finish();
                    return service.put(caller, wanted);
                })
                .flatMap(this::shown);
    }

    private Mono<ServerResponse> shown(RetentionPolicy policy) {
        return JsonAnswer.of(HttpStatus.OK, service.shown(policy));
    }
}

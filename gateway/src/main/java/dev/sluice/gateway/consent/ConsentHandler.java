package dev.sluice.gateway.consent;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.request.Fields;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.web.Page;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Consents over HTTP. */
final class ConsentHandler {

    private static final Pattern PURPOSE = Pattern.compile("[a-z][a-z0-9.-]{0,62}");
    private static final int MAX_VERSION = 100;

    private final ConsentService service;

    ConsentHandler(ConsentService service) {
        this.service = service;
    }

    Mono<ServerResponse> give(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .map(ConsentHandler::wanted)
                .flatMap(wanted ->
                        service.give(Authenticated.caller(request.exchange()), wanted.purpose, wanted.version))
                .flatMap(given -> JsonAnswer.of(
                        given.isNew() ? HttpStatus.CREATED : HttpStatus.OK,
                        given.consent().json()));
    }

    Mono<ServerResponse> withdraw(ServerRequest request) {
        return service.withdraw(Authenticated.caller(request.exchange()), request.pathVariable("purpose"))
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return Mono.fromCallable(() -> Page.of(request))
                .flatMap(page -> service.list(Authenticated.caller(request.exchange()), page)
                        .map(found -> page.document(
                                found, Consent::json, item -> item.id().toString())))
                .flatMap(page -> JsonAnswer.of(HttpStatus.OK, page));
    }

    private static Wanted wanted(Fields fields) {
        Optional<String> purpose = fields.required(
                "purpose",
                text -> Optional.of(text).filter(PURPOSE.asMatchPredicate()),
                "Up to 63 lower-case letters, digits, dots and dashes are expected, a letter first.");
        String version = fields.text("version", 1, MAX_VERSION);
        fields.finish();
        return new Wanted(purpose.orElseThrow(), version);
    }

    private record Wanted(String purpose, String version) {}
}

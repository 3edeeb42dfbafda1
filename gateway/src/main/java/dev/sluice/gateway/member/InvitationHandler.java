package dev.sluice.gateway.member;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.person.Email;
import dev.sluice.gateway.person.NewPassword;
import dev.sluice.gateway.person.Proof;
import dev.sluice.gateway.request.Fields;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.web.Page;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Invitations over HTTP. */
final class InvitationHandler {

    private static final Duration DEFAULT_VALIDITY = Duration.ofDays(7);
    private static final Duration MAX_VALIDITY = Duration.ofDays(30);
    private static final int MAX_NAME = 200;
    private static final int MAX_TOKEN = 100;

    private final InvitationService service;

    InvitationHandler(InvitationService service) {
        this.service = service;
    }

    Mono<ServerResponse> invite(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .flatMap(fields -> {
                    Email email = Email.required(fields);
                    RoleName role = RoleName.required(fields);
                    Duration validity = fields.optional(
                                    "validity",
                                    InvitationHandler::validity,
                                    "A duration of up to 30 days, such as P7D, is expected.")
                            .orElse(DEFAULT_VALIDITY);
                    boolean mail = fields.flag("mail");
                    fields.finish();
                    return service.invite(Authenticated.caller(request.exchange()), email, role, validity, mail);
                })
                .flatMap(made -> JsonAnswer.of(HttpStatus.CREATED, made.json()));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return Mono.fromCallable(() -> Page.of(request))
                .flatMap(page -> service.list(Authenticated.caller(request.exchange()), page)
                        .map(found -> page.document(
                                found, Invitation::json, item -> item.id().toString())))
                .flatMap(page -> JsonAnswer.of(HttpStatus.OK, page));
    }

    Mono<ServerResponse> takeBack(ServerRequest request) {
        return Mono.fromCallable(() -> id(request))
                .flatMap(id -> service.takeBack(Authenticated.caller(request.exchange()), id))
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    /** By somebody who has not logged in. */
    Mono<ServerResponse> accept(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .flatMap(fields -> {
                    String token = token(fields);
                    String name = fields.text("name", 1, MAX_NAME);
                    NewPassword password = NewPassword.read(fields, "password");
                    Function<Email, Proof> proof = Proof.passwordReader(fields);
                    fields.finish();
                    return service.accept(token, name, password, proof);
                })
                .flatMap(member -> JsonAnswer.of(HttpStatus.CREATED, member.json()));
    }

    /** By somebody who has logged in. */
    Mono<ServerResponse> join(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .flatMap(fields -> {
                    String token = token(fields);
                    fields.finish();
                    return service.accept(Authenticated.caller(request.exchange()), token);
                })
                .flatMap(member -> JsonAnswer.of(HttpStatus.CREATED, member.json()));
    }

    private static String token(Fields fields) {
        return fields.text("token", 1, MAX_TOKEN);
    }

    private static Optional<Duration> validity(String text) {
        try {
            return Optional.of(Duration.parse(text))
                    .filter(length -> length.isPositive() && length.compareTo(MAX_VALIDITY) <= 0);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static UUID id(ServerRequest request) {
        return Ids.parse(request.pathVariable("id")).orElseThrow(() -> SluiceException.notFound("The invitation"));
    }
}

package dev.sluice.gateway.member;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.person.NewPassword;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.web.Page;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Members over HTTP. */
final class MemberHandler {

    private static final int MAX_TOKEN = 100;

    private final MemberService service;
    private final ResetService resets;

    MemberHandler(MemberService service, ResetService resets) {
        this.service = service;
        this.resets = resets;
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return Mono.fromCallable(() -> Page.of(request))
                .flatMap(page -> service.list(Authenticated.caller(request.exchange()), page)
                        .map(found -> page.document(
                                found, Member::json, item -> item.person().id().toString())))
                .flatMap(page -> JsonAnswer.of(HttpStatus.OK, page));
    }

    Mono<ServerResponse> show(ServerRequest request) {
        return Mono.fromCallable(() -> id(request))
                .flatMap(id -> service.find(Authenticated.caller(request.exchange()), id))
                .flatMap(member -> JsonAnswer.of(HttpStatus.OK, member.json()));
    }

    Mono<ServerResponse> setRole(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .flatMap(fields -> {
                    RoleName role = RoleName.required(fields);
                    fields.finish();
                    return service.setRole(Authenticated.caller(request.exchange()), id(request), role);
                })
                .flatMap(member -> JsonAnswer.of(HttpStatus.OK, member.json()));
    }

    Mono<ServerResponse> remove(ServerRequest request) {
        return Mono.fromCallable(() -> id(request))
                .flatMap(id -> service.remove(Authenticated.caller(request.exchange()), id))
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    Mono<ServerResponse> reset(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .flatMap(fields -> {
                    boolean removesSecondFactor = fields.flag("removeSecondFactor");
                    fields.finish();
                    return resets.begin(Authenticated.caller(request.exchange()), id(request), removesSecondFactor);
                })
                .flatMap(made -> JsonAnswer.of(
                        HttpStatus.CREATED,
                        Json.object()
                                .put("token", made.token())
                                .put("expiresAt", made.expiresAt().toString())));
    }

    /** By whoever has the token. */
    Mono<ServerResponse> useReset(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .flatMap(fields -> {
                    String token = fields.text("token", 1, MAX_TOKEN);
                    NewPassword password = NewPassword.read(fields, "password");
                    fields.finish();
                    return resets.use(token, password);
                })
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    private static UUID id(ServerRequest request) {
        return Ids.parse(request.pathVariable("id")).orElseThrow(() -> SluiceException.notFound("The member"));
    }
}

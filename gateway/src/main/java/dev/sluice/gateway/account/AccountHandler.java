package dev.sluice.gateway.account;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.person.Email;
import dev.sluice.gateway.person.NewPassword;
import dev.sluice.gateway.person.Proof;
import dev.sluice.gateway.request.Fields;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.json.Json;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A person's own account over HTTP. */
final class AccountHandler {

    private static final int MAX_CODE = 40;

    private final AccountService service;

    AccountHandler(AccountService service) {
        this.service = service;
    }

    Mono<ServerResponse> changePassword(ServerRequest request) {
        return body(request)
                .flatMap(fields -> {
                    Function<Email, Proof> proof = Proof.reader(fields);
                    NewPassword wanted = NewPassword.read(fields, "newPassword");
                    fields.finish();
                    return service.changePassword(Authenticated.caller(request.exchange()), proof, wanted);
                })
                .then(done());
    }

    Mono<ServerResponse> beginSecondFactor(ServerRequest request) {
        return body(request)
                .flatMap(fields -> {
                    Function<Email, Proof> proof = Proof.reader(fields);
                    fields.finish();
                    return service.begin(Authenticated.caller(request.exchange()), proof);
                })
                .flatMap(secret -> {
                    ObjectNode json = Json.object();
                    json.put("secret", secret.text());
                    json.put("uri", secret.uri());
                    return JsonAnswer.of(HttpStatus.CREATED, json);
                });
    }

    Mono<ServerResponse> confirmSecondFactor(ServerRequest request) {
        return body(request)
                .flatMap(fields -> {
                    Function<Email, Proof> proof = Proof.reader(fields);
                    String code = fields.text("newCode", 1, MAX_CODE);
                    fields.finish();
                    return service.confirm(Authenticated.caller(request.exchange()), proof, code);
                })
                .flatMap(codes -> {
                    ObjectNode json = Json.object();
                    ArrayNode all = json.putArray("recoveryCodes");
                    codes.forEach(all::add);
                    return JsonAnswer.of(HttpStatus.OK, json);
                });
    }

    Mono<ServerResponse> removeSecondFactor(ServerRequest request) {
        return body(request)
                .flatMap(fields -> {
                    Function<Email, Proof> proof = Proof.reader(fields);
                    fields.finish();
                    return service.endSecondFactor(Authenticated.caller(request.exchange()), proof);
                })
                .then(done());
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        return body(request)
                .flatMap(fields -> {
                    Function<Email, Proof> proof = Proof.reader(fields);
                    fields.finish();
                    return service.delete(Authenticated.caller(request.exchange()), proof);
                })
                .then(done());
    }

    private static Mono<Fields> body(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest());
    }

    private static Mono<ServerResponse> done() {
        return Mono.defer(() -> ServerResponse.noContent().build());
    }
}

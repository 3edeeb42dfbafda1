package dev.sluice.executor.secret;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.tenancy.PrincipalContext;
import dev.sluice.shared.web.BoundedBody;
import dev.sluice.shared.web.Page;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** HTTP in and out of {@link Secrets}; values only come in. */
final class SecretHandler {

    private final Secrets secrets;

    SecretHandler(Secrets secrets) {
        this.secrets = secrets;
    }

    Mono<ServerResponse> list(ServerRequest request) {
        Page page = Page.of(request);
        String after = after(page.cursor());
        return organization()
                .flatMap(organization ->
                        secrets.list(organization, after, page.rows()).collectList())
                .flatMap(found -> answer(ServerResponse.ok(), page.document(found, Secret::json, Secret::name)));
    }

    Mono<ServerResponse> show(ServerRequest request) {
        String name = request.pathVariable("name");
        return organization()
                .flatMap(organization -> secrets.find(organization, name))
                .flatMap(secret -> answer(ServerResponse.ok(), secret.json()));
    }

    Mono<ServerResponse> put(ServerRequest request) {
        String name = request.pathVariable("name");
        Mono<NewValue> value = BoundedBody.read(request.exchange().getRequest(), NewValue.MAX_BODY_BYTES)
                .map(body -> NewValue.of(name, body));
        return Mono.zip(organization(), value)
                .flatMap(both -> secrets.put(both.getT1(), both.getT2()))
                .flatMap(SecretHandler::stored);
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        String name = request.pathVariable("name");
        return organization()
                .flatMap(organization -> secrets.delete(organization, name))
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    private static Mono<OrganizationId> organization() {
        return PrincipalContext.current().map(Principal::organization);
    }

    /** The name a page goes on after; before all names for the first page. */
    private static String after(@Nullable String cursor) {
        if (cursor == null) {
            return "";
        }
        if (!Secret.isName(cursor)) {
            throw new SluiceException(ProblemType.INVALID_REQUEST, "The query parameter 'cursor' is not valid.");
        }
        return cursor;
    }

    private static Mono<ServerResponse> stored(SecretStore.Stored stored) {
        URI location = URI.create("/v1/secrets/" + stored.secret().name());
        return answer(
                stored.created() ? ServerResponse.created(location) : ServerResponse.ok(),
                stored.secret().json());
    }

    private static Mono<ServerResponse> answer(ServerResponse.BodyBuilder response, ObjectNode body) {
        return response.contentType(MediaType.APPLICATION_JSON).bodyValue(Json.bytes(body));
    }
}

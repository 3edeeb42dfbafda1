package dev.sluice.gateway.member;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.access.Permission;
import dev.sluice.gateway.access.Role;
import dev.sluice.gateway.request.Fields;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Roles over HTTP. */
final class RoleHandler {

    private static final int MAX_PERMISSIONS = 100;

    private final RoleService service;

    RoleHandler(RoleService service) {
        this.service = service;
    }

    /** Those that all organizations have, and the organization's own; few enough for one page. */
    Mono<ServerResponse> list(ServerRequest request) {
        return service.list(Authenticated.caller(request.exchange())).flatMap(own -> {
            ObjectNode page = Json.object();
            ArrayNode items = page.putArray("items");
            Stream.of(Role.values()).map(OwnRole::json).forEach(items::add);
            own.stream().map(OwnRole::json).forEach(items::add);
            return JsonAnswer.of(HttpStatus.OK, page);
        });
    }

    Mono<ServerResponse> put(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .flatMap(fields -> service.put(
                        Authenticated.caller(request.exchange()),
                        new OwnRole(newName(request), Grant.of(permissions(fields)))))
                .flatMap(role -> JsonAnswer.of(HttpStatus.OK, role.json()));
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        return Mono.defer(() -> service.delete(Authenticated.caller(request.exchange()), request.pathVariable("name")))
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    private static Set<Permission> permissions(Fields fields) {
        Optional<List<Permission>> permissions =
                fields.optionalList("permissions", MAX_PERMISSIONS, Permission::of, "There is no such permission.");
        if (permissions.isEmpty()) {
            fields.refuse("permissions", "An array of permissions is expected.");
        }
        fields.finish();
        return Set.copyOf(permissions.orElseThrow());
    }

    private static String newName(ServerRequest request) {
        return RoleName.of(request.pathVariable("name"))
                .map(RoleName::own)
                .orElseThrow(() -> new SluiceException(
                        ProblemType.INVALID_REQUEST,
                        "A role's name has " + RoleName.FORM + ", and is none of owner, admin, member, viewer."));
    }
}

package dev.sluice.executor.share;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.tenancy.PrincipalContext;
import dev.sluice.shared.web.BoundedBody;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** HTTP in and out of {@link Shares}; for the platform only. */
final class ShareHandler {

    private static final int MAX_BYTES = 64 * 1024;
    private static final Set<String> FIELDS = Set.of("maxRuns", "weight");

    private final Shares shares;

    ShareHandler(Shares shares) {
        this.shares = shares;
    }

    Mono<ServerResponse> show(ServerRequest request) {
        return organization(request).flatMap(this::answer);
    }

    Mono<ServerResponse> set(ServerRequest request) {
        return organization(request)
                .flatMap(organization -> BoundedBody.read(request.exchange().getRequest(), MAX_BYTES)
                        .map(body -> share(Json.read(body)))
                        .flatMap(share -> shares.set(organization, share))
                        .then(Mono.defer(() -> answer(organization))));
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        return organization(request)
                .flatMap(shares::delete)
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    private Mono<ServerResponse> answer(OrganizationId organization) {
        return shares.find(organization)
                .flatMap(share -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(Json.bytes(json(organization, share))));
    }

    private ObjectNode json(OrganizationId organization, Share share) {
        ObjectNode node = Json.object();
        node.put("organizationId", organization.toString());
        node.put("maxRuns", shares.maxRuns(share));
        node.put("weight", share.weight());
        node.put("default", share.equals(Share.DEFAULT));
        return node;
    }

    private static Mono<OrganizationId> organization(ServerRequest request) {
        return PrincipalContext.current().map(principal -> {
            if (principal.scope() != Principal.Scope.PLATFORM) {
                throw new SluiceException(
                        ProblemType.FORBIDDEN, "Only a key with platform scope may see and set shares.");
            }
            return organization(request.pathVariable("organizationId"));
        });
    }

    private static OrganizationId organization(String text) {
        try {
            return new OrganizationId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw SluiceException.notFound("Organization " + text);
        }
    }

    private static Share share(JsonNode body) {
        if (!body.isObject() || !FIELDS.containsAll(body.propertyNames())) {
            throw invalid("Send a JSON object with 'maxRuns', 'weight', or both.");
        }
        Integer maxRuns = number(body, "maxRuns", Share.MAX_RUNS);
        Integer weight = number(body, "weight", Share.MAX_WEIGHT);
        return new Share(maxRuns, weight == null ? Share.DEFAULT.weight() : weight);
    }

    private static @Nullable Integer number(JsonNode body, String name, int most) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        boolean whole = value.isIntegralNumber() && value.canConvertToInt();
        if (!whole || value.intValue() < 1 || value.intValue() > most) {
            throw invalid("'" + name + "' must be a whole number from 1 to " + most + ".");
        }
        return value.intValue();
    }

    private static SluiceException invalid(String detail) {
        return new SluiceException(ProblemType.INVALID_REQUEST, detail);
    }
}

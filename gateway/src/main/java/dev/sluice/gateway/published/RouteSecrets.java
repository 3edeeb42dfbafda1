package dev.sluice.gateway.published;

import dev.sluice.shared.crypto.Vault;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** The headers of routes that nobody is shown: sealed in the database, and open only where requests are sent. Thread-safe. */
public final class RouteSecrets {

    private static final String PURPOSE = "ingress.route_version.sealed_headers";

    private final Vault vault;

    /** Sealed by this vault. */
    public RouteSecrets(Vault vault) {
        this.vault = vault;
    }

    /** Empty for none. */
    Mono<Optional<byte[]>> seal(OrganizationId organization, UUID version, Map<String, String> headers) {
        if (headers.isEmpty()) {
            return Mono.just(Optional.empty());
        }
        ObjectNode json = Json.object();
        headers.forEach(json::put);
        return vault.seal(organization, PURPOSE, version, Json.bytes(json)).map(Optional::of);
    }

    /** The route of a version with its secrets in place. */
    Mono<PublishedRoute> open(OrganizationId organization, RouteVersion version) {
        ByteBuffer bytes = version.secrets();
        return bytes == null
                ? Mono.fromCallable(version::route)
                : vault.open(organization, PURPOSE, version.id(), bytes(bytes))
                        .map(clear -> version.route().withSecrets(headers(clear)));
    }

    /** The route with those secrets of the version before that it keeps; {@code INVALID_REQUEST} for one there was not. */
    Mono<PublishedRoute> kept(OrganizationId organization, Optional<RouteVersion> former, PublishedRoute route) {
        if (!route.secrets().containsValue(RouteJson.HIDDEN)) {
            return Mono.just(route);
        }
        return former.map(version -> open(organization, version).map(PublishedRoute::secrets))
                .orElseGet(() -> Mono.just(Map.of()))
                .map(before -> route.withSecrets(merged(before, route.secrets())));
    }

    private static Map<String, String> merged(Map<String, String> before, Map<String, String> wanted) {
        Map<String, String> merged = new HashMap<>(wanted);
        merged.replaceAll((name, value) -> value.equals(RouteJson.HIDDEN) ? former(before, name) : value);
        return merged;
    }

    private static String former(Map<String, String> before, String name) {
        @Nullable String value = before.get(name);
        if (value == null) {
            throw new SluiceException(
                    ProblemType.INVALID_REQUEST,
                    "The route had no secret header '" + name + "' to keep: send its value instead of "
                            + RouteJson.HIDDEN + ".");
        }
        return value;
    }

    private static Map<String, String> headers(byte[] clear) {
        Map<String, String> headers = new LinkedHashMap<>();
        Json.read(clear)
                .propertyStream()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().stringValue()));
        return headers;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}

package dev.sluice.executor.engine;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Where the secrets of organizations are. */
@FunctionalInterface
public interface SecretReader {

    /** The values of those that exist of these names. */
    Mono<Map<String, JsonNode>> open(OrganizationId organization, Set<String> names);
}

package dev.sluice.gateway.ingress;

import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Instant;
import java.util.UUID;

/** Where webhooks of one sender arrive. Its token and its secret are in the database only as hash and sealed. */
record Endpoint(UUID id, OrganizationId organization, String name, EndpointSource source, Instant createdAt) {

    /** The CloudEvent source of everything that arrives at an endpoint. */
    static String eventSource(UUID id) {
        return "urn:sluice:endpoint:" + id;
    }
}

package dev.sluice.gateway.ingress;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the door needs to know of an endpoint, kept in memory for a while.
 *
 * @param secret the opened secret its deliveries are signed with
 */
record Door(UUID endpoint, OrganizationId organization, EndpointSource source, SecretKeySpec secret) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "Door[endpoint=" + endpoint + ", source=" + source + "]";
    }
}

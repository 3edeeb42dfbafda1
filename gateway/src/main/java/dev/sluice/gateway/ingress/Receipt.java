package dev.sluice.gateway.ingress;

import java.util.UUID;

/**
 * What a sender gets: the id of the stored event.
 *
 * @param duplicate whether the event was stored by an earlier copy of the delivery
 */
record Receipt(UUID eventId, boolean duplicate) {}

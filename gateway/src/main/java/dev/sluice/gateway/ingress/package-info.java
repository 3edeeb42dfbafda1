/** Webhook endpoints, the door their deliveries come through, and the events that were accepted. */
@NullMarked
package dev.sluice.gateway.ingress;

import org.jspecify.annotations.NullMarked;

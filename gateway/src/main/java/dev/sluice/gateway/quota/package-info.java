/** What an organization may use in a day and a month, counted on all gateways together (ADR 39). */
@NullMarked
package dev.sluice.gateway.quota;

import org.jspecify.annotations.NullMarked;

/** Plans, which organization has which, and how that stands (ADR 39). */
@NullMarked
package dev.sluice.gateway.plan;

import org.jspecify.annotations.NullMarked;

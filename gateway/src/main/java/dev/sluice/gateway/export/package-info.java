/** All that is kept for an organization, as one download (ADR 38). */
@NullMarked
package dev.sluice.gateway.export;

import org.jspecify.annotations.NullMarked;

/** What people agreed to, and until when (ADR 38). */
@NullMarked
package dev.sluice.gateway.consent;

import org.jspecify.annotations.NullMarked;

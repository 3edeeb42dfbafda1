/** How long an organization has its own things kept, and whether they are held (ADR 42). */
@NullMarked
package dev.sluice.gateway.retention;

import org.jspecify.annotations.NullMarked;

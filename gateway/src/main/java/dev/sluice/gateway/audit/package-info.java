/** Who changed what and who was refused, appended to a chain per organization. */
@NullMarked
package dev.sluice.gateway.audit;

import org.jspecify.annotations.NullMarked;

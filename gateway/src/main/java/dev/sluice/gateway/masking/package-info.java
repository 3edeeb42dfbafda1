/** Which fields of its data an organization hides from those who may not see all of it. */
@NullMarked
package dev.sluice.gateway.masking;

import org.jspecify.annotations.NullMarked;

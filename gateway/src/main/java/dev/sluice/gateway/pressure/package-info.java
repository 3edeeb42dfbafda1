/** The pressure on gateway and executor together. */
@NullMarked
package dev.sluice.gateway.pressure;

import org.jspecify.annotations.NullMarked;

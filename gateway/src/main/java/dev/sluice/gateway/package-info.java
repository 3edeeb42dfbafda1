/** The gateway: the edge of Sluice. */
@NullMarked
package dev.sluice.gateway;

import org.jspecify.annotations.NullMarked;

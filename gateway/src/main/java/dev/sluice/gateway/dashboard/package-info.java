/** The page at the gateway's address. */
@NullMarked
package dev.sluice.gateway.dashboard;

import org.jspecify.annotations.NullMarked;

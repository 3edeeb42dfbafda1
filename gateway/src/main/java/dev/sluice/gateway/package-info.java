/** Root of the gateway module. */
@NullMarked
package dev.sluice.gateway;

import org.jspecify.annotations.NullMarked;

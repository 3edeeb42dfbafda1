/** Tests of options and figures; {@code CapacityIT} runs a scenario. */
@NullMarked
package dev.sluice.loadtest.capacity;

import org.jspecify.annotations.NullMarked;

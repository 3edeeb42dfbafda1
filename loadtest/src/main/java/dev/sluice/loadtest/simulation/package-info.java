/** The Gatling simulations, one for each path that must carry load, and what they record. */
@NullMarked
package dev.sluice.loadtest.simulation;

import org.jspecify.annotations.NullMarked;

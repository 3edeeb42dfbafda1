/** Tests of the options, of the account and of the simulator's certificate. */
@NullMarked
package dev.sluice.loadtest.capacity;

import org.jspecify.annotations.NullMarked;

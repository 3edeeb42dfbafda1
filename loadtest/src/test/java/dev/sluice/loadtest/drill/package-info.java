/** Tests of the accounts of drills. */
@NullMarked
package dev.sluice.loadtest.drill;

import org.jspecify.annotations.NullMarked;

/** Tests of the comparison, without the peers. */
@NullMarked
package dev.sluice.loadtest.compare;

import org.jspecify.annotations.NullMarked;

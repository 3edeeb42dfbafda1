/** The same workloads on Sluice and on other engines, one after another on this machine, as one table. */
@NullMarked
package dev.sluice.loadtest.compare;

import org.jspecify.annotations.NullMarked;

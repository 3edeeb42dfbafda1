/** The system as its users run it: the two jars as processes, on real servers. */
@NullMarked
package dev.sluice.loadtest.e2e;

import org.jspecify.annotations.NullMarked;

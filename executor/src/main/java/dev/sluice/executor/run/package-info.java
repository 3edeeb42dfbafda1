/** Runs: created, owned, executed, watched and ended. */
@NullMarked
package dev.sluice.executor.run;

import org.jspecify.annotations.NullMarked;

/** Runs that begin by themselves: the schedules of the active versions, and the clock that looks at them. */
@NullMarked
package dev.sluice.executor.timer;

import org.jspecify.annotations.NullMarked;

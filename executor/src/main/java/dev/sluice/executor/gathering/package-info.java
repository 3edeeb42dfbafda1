/** Events that start a run together ({@code schedule.on.all}, and {@code any} with {@code until}), and the sets in which they wait. */
@NullMarked
package dev.sluice.executor.gathering;

import org.jspecify.annotations.NullMarked;

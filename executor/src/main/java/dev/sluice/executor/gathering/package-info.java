/** Events that start a run together ({@code schedule.on.all}), and the sets in which they wait for each other. */
@NullMarked
package dev.sluice.executor.gathering;

import org.jspecify.annotations.NullMarked;

/** Brings events and the runs that listen to them together, whichever comes first. */
@NullMarked
package dev.sluice.executor.correlation;

import org.jspecify.annotations.NullMarked;

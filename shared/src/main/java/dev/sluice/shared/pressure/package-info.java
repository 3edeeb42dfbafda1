/** Bounds that push back, how full each is, and what waits on it: for callers and as metrics. */
@NullMarked
package dev.sluice.shared.pressure;

import org.jspecify.annotations.NullMarked;

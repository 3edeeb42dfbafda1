/** Drills: a whole system under load whose parts are killed, paused and cut off, and the exact account of what became of it. */
@NullMarked
package dev.sluice.loadtest.drill;

import org.jspecify.annotations.NullMarked;

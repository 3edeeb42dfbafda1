/** How much one evaluation may use, and the meter that watches it. */
@NullMarked
package dev.sluice.executor.expression.limit;

import org.jspecify.annotations.NullMarked;

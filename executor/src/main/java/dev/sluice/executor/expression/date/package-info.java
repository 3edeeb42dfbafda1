/** Dates of jq: reading and writing them by the formats of C, and the calendar between. */
@NullMarked
package dev.sluice.executor.expression.date;

import org.jspecify.annotations.NullMarked;

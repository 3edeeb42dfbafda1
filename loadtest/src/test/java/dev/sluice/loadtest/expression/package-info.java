/** Tests of what the benchmark of expressions measures, and of its report. */
@NullMarked
package dev.sluice.loadtest.expression;

import org.jspecify.annotations.NullMarked;

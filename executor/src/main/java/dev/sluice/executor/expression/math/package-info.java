/** The mathematical functions of jq, which are those of C. */
@NullMarked
package dev.sluice.executor.expression.math;

import org.jspecify.annotations.NullMarked;

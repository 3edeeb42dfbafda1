/** The evaluator of expressions beside jackson-jq, measured by JMH; how anything is. */
@NullMarked
package dev.sluice.loadtest.expression;

import org.jspecify.annotations.NullMarked;

/** The evaluator of expressions beside jackson-jq, measured by JMH. */
@NullMarked
package dev.sluice.loadtest.expression;

import org.jspecify.annotations.NullMarked;

/** The interpreter beside the reference engine of the specification, measured by JMH. */
@NullMarked
package dev.sluice.loadtest.interpreter;

import org.jspecify.annotations.NullMarked;

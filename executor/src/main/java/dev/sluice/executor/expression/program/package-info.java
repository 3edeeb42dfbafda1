/**
 * Programs in the form that is evaluated: nodes specialised when they are compiled, which push their outputs to whoever
 * consumes them.
 */
@NullMarked
package dev.sluice.executor.expression.program;

import org.jspecify.annotations.NullMarked;

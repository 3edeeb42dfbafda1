/** Values of a program, and errors that are values. */
@NullMarked
package dev.sluice.executor.expression.value;

import org.jspecify.annotations.NullMarked;

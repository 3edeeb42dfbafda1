/** jq's builtins that make values of values, and those that are written in jq themselves. */
@NullMarked
package dev.sluice.executor.expression.builtin;

import org.jspecify.annotations.NullMarked;

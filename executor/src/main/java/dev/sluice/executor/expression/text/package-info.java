/** How values and numbers are written as text, as jq 1.8 writes them. */
@NullMarked
package dev.sluice.executor.expression.text;

import org.jspecify.annotations.NullMarked;

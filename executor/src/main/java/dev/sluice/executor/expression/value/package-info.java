/** What jq does with values: numbers, order, arithmetic, access, and paths, on the one JSON tree. */
@NullMarked
package dev.sluice.executor.expression.value;

import org.jspecify.annotations.NullMarked;

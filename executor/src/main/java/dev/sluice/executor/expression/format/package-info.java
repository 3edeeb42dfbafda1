/** The formats of jq that escape values for other languages. */
@NullMarked
package dev.sluice.executor.expression.format;

import org.jspecify.annotations.NullMarked;

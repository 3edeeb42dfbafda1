/** The syntax of jq 1.8: from a program's text to its terms. */
@NullMarked
package dev.sluice.executor.expression.syntax;

import org.jspecify.annotations.NullMarked;

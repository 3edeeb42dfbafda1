/** The regular expressions of jq's programs: Oniguruma's syntax as jq uses it, matched within a budget. */
@NullMarked
package dev.sluice.executor.expression.regex;

import org.jspecify.annotations.NullMarked;

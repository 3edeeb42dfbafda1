/** How calls say who makes them: schemes of the DSL, and the tokens that OAuth 2 gives for them. */
@NullMarked
package dev.sluice.executor.authentication;

import org.jspecify.annotations.NullMarked;

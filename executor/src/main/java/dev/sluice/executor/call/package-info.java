/** Calls to external APIs, and the errors they end with. */
@NullMarked
package dev.sluice.executor.call;

import org.jspecify.annotations.NullMarked;

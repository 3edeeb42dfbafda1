/** Calls of agents over A2A. */
@NullMarked
package dev.sluice.executor.call.a2a;

import org.jspecify.annotations.NullMarked;

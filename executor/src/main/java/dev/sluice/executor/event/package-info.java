/** The events an executor reads: those that gateways took in, and those that runs emitted. */
@NullMarked
package dev.sluice.executor.event;

import org.jspecify.annotations.NullMarked;

/** Messages over channels of other systems: published, and taken from subscriptions. */
@NullMarked
package dev.sluice.executor.call.asyncapi;

import org.jspecify.annotations.NullMarked;

/** The executor: runs workflows, and survives any crash while it does. */
@NullMarked
package dev.sluice.executor;

import org.jspecify.annotations.NullMarked;

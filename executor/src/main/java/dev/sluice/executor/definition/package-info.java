/** Workflow documents: read with every problem and its place, compiled once, immutable after. */
@NullMarked
package dev.sluice.executor.definition;

import org.jspecify.annotations.NullMarked;

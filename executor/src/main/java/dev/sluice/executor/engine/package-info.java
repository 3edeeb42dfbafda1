/** Interprets a compiled workflow over its journal: one task in, one Mono out. */
@NullMarked
package dev.sluice.executor.engine;

import org.jspecify.annotations.NullMarked;

/** Runtime expressions: compiled once, evaluated over the engine's JSON tree. */
@NullMarked
package dev.sluice.executor.expression;

import org.jspecify.annotations.NullMarked;

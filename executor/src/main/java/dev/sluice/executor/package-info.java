/** Root of the executor module. */
@NullMarked
package dev.sluice.executor;

import org.jspecify.annotations.NullMarked;

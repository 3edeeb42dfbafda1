/** Responses read as they come: bytes cut into elements, in constant memory. */
@NullMarked
package dev.sluice.executor.stream;

import org.jspecify.annotations.NullMarked;

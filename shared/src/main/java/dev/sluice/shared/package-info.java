/** Root of the shared module. */
@NullMarked
package dev.sluice.shared;

import org.jspecify.annotations.NullMarked;

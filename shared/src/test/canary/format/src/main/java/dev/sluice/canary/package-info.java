/** Breaks one rule of the build. */
@NullMarked
package dev.sluice.canary;

import org.jspecify.annotations.NullMarked;

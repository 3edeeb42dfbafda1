/** Breaks one rule in each class. */
@NullMarked
package dev.sluice.canary;

import org.jspecify.annotations.NullMarked;

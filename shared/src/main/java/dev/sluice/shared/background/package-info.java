/** Work that a process does by itself, again and again. */
@NullMarked
package dev.sluice.shared.background;

import org.jspecify.annotations.NullMarked;

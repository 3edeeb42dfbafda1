/** What streams have in common, whatever flows in them. */
@NullMarked
package dev.sluice.shared.stream;

import org.jspecify.annotations.NullMarked;

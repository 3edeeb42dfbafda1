/** The only HTTP client to the world outside: checked addresses, and a bound on time, size and number of everything. */
@NullMarked
package dev.sluice.shared.outbound;

import org.jspecify.annotations.NullMarked;

/** How much a small node carries: scenarios that start a system of their own, load it to a count, and account for all of it. */
@NullMarked
package dev.sluice.loadtest.capacity;

import org.jspecify.annotations.NullMarked;

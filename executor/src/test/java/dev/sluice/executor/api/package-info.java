/** The executor as a whole, through its sockets, on a real database. */
@NullMarked
package dev.sluice.executor.api;

import org.jspecify.annotations.NullMarked;

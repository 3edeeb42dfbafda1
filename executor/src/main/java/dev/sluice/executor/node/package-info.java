/** This process among its peers: a lease on being alive, and the takeover of runs whose node is not. */
@NullMarked
package dev.sluice.executor.node;

import org.jspecify.annotations.NullMarked;

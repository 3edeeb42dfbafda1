/** The gateway's one bounded HTTP/2 client to the executors. */
@NullMarked
package dev.sluice.gateway.executor;

import org.jspecify.annotations.NullMarked;

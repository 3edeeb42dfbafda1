/** Whether another server is well enough to be sent anything. */
@NullMarked
package dev.sluice.gateway.breaker;

import org.jspecify.annotations.NullMarked;

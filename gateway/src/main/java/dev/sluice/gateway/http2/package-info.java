/** HTTP/2 at the gateway's door: how a connection turns to it, and what its client may do there. */
@NullMarked
package dev.sluice.gateway.http2;

import org.jspecify.annotations.NullMarked;

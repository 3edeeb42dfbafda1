/** Authentication of every request under /v1, and organizations with the wrapped keys of their secrets. */
@NullMarked
package dev.sluice.gateway.identity;

import org.jspecify.annotations.NullMarked;

/** Rows looked up by the hash of a secret, through bounded caches. */
@NullMarked
package dev.sluice.gateway.lookup;

import org.jspecify.annotations.NullMarked;

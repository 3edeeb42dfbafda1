/** What changed in the gateway's own tables: written with each change, and followed by every node that keeps copies. */
@NullMarked
package dev.sluice.gateway.change;

import org.jspecify.annotations.NullMarked;

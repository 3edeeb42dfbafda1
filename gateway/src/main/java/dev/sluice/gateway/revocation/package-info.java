/** What ends while it is under way, because whoever asked for it may not any more. */
@NullMarked
package dev.sluice.gateway.revocation;

import org.jspecify.annotations.NullMarked;

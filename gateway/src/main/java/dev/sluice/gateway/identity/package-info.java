/** Organizations, their API keys, and the check that every request under /v1 carries one. */
@NullMarked
package dev.sluice.gateway.identity;

import org.jspecify.annotations.NullMarked;

/** API keys: made, shown, replaced, taken back, and looked up for each request. */
@NullMarked
package dev.sluice.gateway.key;

import org.jspecify.annotations.NullMarked;

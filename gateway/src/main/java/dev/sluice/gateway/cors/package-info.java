/** Which pages of other origins may call what an organization has (the Fetch standard's CORS protocol). */
@NullMarked
package dev.sluice.gateway.cors;

import org.jspecify.annotations.NullMarked;

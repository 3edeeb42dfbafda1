/** JSON request bodies, read so that all problems are reported at once. */
@NullMarked
package dev.sluice.gateway.request;

import org.jspecify.annotations.NullMarked;

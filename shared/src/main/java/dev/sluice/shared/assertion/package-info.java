/** The short-lived signed identity that the gateway hands to an executor with each request. */
@NullMarked
package dev.sluice.shared.assertion;

import org.jspecify.annotations.NullMarked;

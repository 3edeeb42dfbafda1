/** The bench against a scripted gateway. */
@NullMarked
package dev.sluice.loadtest.bench;

import org.jspecify.annotations.NullMarked;

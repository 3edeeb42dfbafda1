/** Command-line programs: the bench against a running system, and the upstream simulator on its own. */
@NullMarked
package dev.sluice.loadtest.bench;

import org.jspecify.annotations.NullMarked;

/** The command line: starts Sluice and its embedded servers on one machine, and the demo that shows it at work. */
@NullMarked
package dev.sluice.shared.local;

import org.jspecify.annotations.NullMarked;

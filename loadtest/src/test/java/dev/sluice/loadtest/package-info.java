/** The build gates of this module. */
@NullMarked
package dev.sluice.loadtest;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.sluice.loadtest.interpreter;

import org.jspecify.annotations.NullMarked;

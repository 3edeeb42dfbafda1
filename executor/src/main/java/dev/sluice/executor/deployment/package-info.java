/** Deployed workflow documents: their versions, and their compiled form. */
@NullMarked
package dev.sluice.executor.deployment;

import org.jspecify.annotations.NullMarked;

/** All that executors keep for an organization, as lines (ADR 38). */
@NullMarked
package dev.sluice.executor.export;

import org.jspecify.annotations.NullMarked;

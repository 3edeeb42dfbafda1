/** What each organization may have of an executor: concurrent runs and weight, set by the platform. */
@NullMarked
package dev.sluice.executor.share;

import org.jspecify.annotations.NullMarked;

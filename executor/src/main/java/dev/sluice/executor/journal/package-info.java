/** What a run has done so far: entries keyed by path, appended durably before their results are used. */
@NullMarked
package dev.sluice.executor.journal;

import org.jspecify.annotations.NullMarked;

package dev.sluice.executor.run;

import java.util.UUID;

/** What became of a {@link RequestedRun}. */
sealed interface Creation {

    /**
     * It is there, under its own id.
     *
     * @param definitionId the version it is a run of
     * @param owned        whether it is its node's already
     */
    record Created(UUID definitionId, boolean owned) implements Creation {}

    /** The idempotency key had started a run before, with the same request. */
    record Repeated(UUID runId) implements Creation {}

    /** The idempotency key had started a run before, with another request. */
    record Mismatched() implements Creation {}

    /** The organization has no such workflow. */
    record Unknown() implements Creation {}

    Mismatched MISMATCHED = new Mismatched();

    Unknown UNKNOWN = new Unknown();
}

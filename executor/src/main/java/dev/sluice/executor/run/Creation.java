package dev.sluice.executor.run;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of a {@link RequestedRun}. */
sealed interface Creation {

    /**
     * It is there, under its own id.
     *
     * @param definitionId the version it is a run of
     * @param priority     its own or that of the version; absent when it has ended already
     * @param owned        whether it is its node's already
     * @param listeners    who listens for what happens to it
     */
    record Created(UUID definitionId, @Nullable Integer priority, boolean owned, Listeners listeners)
            implements Creation {}

    /** The idempotency key had started a run before, with the same request. */
    record Repeated(UUID runId) implements Creation {}

    /** The idempotency key had started a run before, with another request. */
    record Mismatched() implements Creation {}

    /** The organization has no such workflow. */
    record Unknown() implements Creation {}

    Mismatched MISMATCHED = new Mismatched();

    Unknown UNKNOWN = new Unknown();
}

package dev.sluice.executor.run;

import java.util.UUID;

/** What became of a {@link NewRun}. */
sealed interface Creation {

    /** It is there, under its own id; {@code owned} says whether it is its node's already. */
    record Created(boolean owned) implements Creation {}

    /** The idempotency key had started a run before, with the same request. */
    record Repeated(UUID runId) implements Creation {}

    /** The idempotency key had started a run before, with another request. */
    record Mismatched() implements Creation {}

    Mismatched MISMATCHED = new Mismatched();
}

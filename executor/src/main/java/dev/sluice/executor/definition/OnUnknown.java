package dev.sluice.executor.definition;

/**
 * What becomes of a call whose outcome nobody knows: the executor stopped, the time was up or the connection broke while
 * it was under way ({@code metadata.sluice.onUnknown}).
 */
public enum OnUnknown {
    /** It may be made again, with the same {@code Idempotency-Key}. */
    RETRY,
    /** It is never made again: the task ends with an error, which no {@code retry} repeats. */
    FAIL
}

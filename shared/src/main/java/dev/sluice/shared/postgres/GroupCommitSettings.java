package dev.sluice.shared.postgres;

import java.time.Duration;

/**
 * The bounds of a {@link GroupCommit}.
 *
 * @param lanes           flushes that may be in flight at once, besides one of large items; items of one lane are written in
 *                        their order
 * @param maxQueued       items that wait in one lane, besides those being written; one more is refused
 * @param maxQueuedBytes  the same in bytes; a single item may have more
 * @param maxBatch        items in one write
 * @param maxBatchBytes   the same in bytes; a single item may have more
 * @param maxDelay        how long the first item of a batch waits for others while its lane is idle; zero writes at once,
 *                        and batches come from what arrives during the write before
 * @param gathers         whether a lane waits after a write, half as long as that took at most, for most of those it answered
 *                        to come back with what they do next: callers that go on step by step would else split into two
 *                        groups, each waiting for the other's write
 * @param writeTimeout    after which a write counts as broken off and is read back
 * @param readBackTimeout how long the outcome of a write that broke off is asked for
 * @param closeTimeout    how long closing waits for what is queued
 */
public record GroupCommitSettings(
        int lanes,
        int maxQueued,
        long maxQueuedBytes,
        int maxBatch,
        long maxBatchBytes,
        Duration maxDelay,
        boolean gathers,
        Duration writeTimeout,
        Duration readBackTimeout,
        Duration closeTimeout) {

    private static final Duration DEFAULT_WRITE_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration DEFAULT_READ_BACK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private static final long DEFAULT_QUEUED_BYTES = 64L << 20;
    private static final long DEFAULT_BATCH_BYTES = 8L << 20;

    public GroupCommitSettings {
        requireAtLeastOne("lanes", lanes);
        requireAtLeastOne("maxQueued", maxQueued);
        requireAtLeastOne("maxQueuedBytes", maxQueuedBytes);
        requireAtLeastOne("maxBatch", maxBatch);
        requireAtLeastOne("maxBatchBytes", maxBatchBytes);
        if (maxDelay.isNegative()) {
            throw new IllegalArgumentException("maxDelay: " + maxDelay + " (expected: >= 0)");
        }
        requirePositive("writeTimeout", writeTimeout);
        requirePositive("readBackTimeout", readBackTimeout);
        requirePositive("closeTimeout", closeTimeout);
    }

    /**
     * No delay; 64 MiB may wait in a lane and 8 MiB are written at once; 15 s to write, 5 s to read back, 10 s to close.
     */
    public static GroupCommitSettings of(int lanes, int maxQueued, int maxBatch) {
        return new GroupCommitSettings(
                lanes,
                maxQueued,
                DEFAULT_QUEUED_BYTES,
                maxBatch,
                DEFAULT_BATCH_BYTES,
                Duration.ZERO,
                false,
                DEFAULT_WRITE_TIMEOUT,
                DEFAULT_READ_BACK_TIMEOUT,
                DEFAULT_CLOSE_TIMEOUT);
    }

    /** The same for callers that go on step by step. */
    public GroupCommitSettings gathering() {
        return new GroupCommitSettings(
                lanes,
                maxQueued,
                maxQueuedBytes,
                maxBatch,
                maxBatchBytes,
                maxDelay,
                true,
                writeTimeout,
                readBackTimeout,
                closeTimeout);
    }

    private static void requireAtLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}

package dev.sluice.executor.node;

import java.time.Duration;

/**
 * How long a node may be silent.
 *
 * @param name  shown to operators
 * @param lease how long a renewal lasts; a node that is silent for longer loses its runs
 */
public record NodeSettings(String name, Duration lease) {

    public NodeSettings {
        if (lease.toMillis() < 300) {
            throw new IllegalArgumentException("lease: " + lease + " (expected: >= 300 ms)");
        }
    }

    Duration renewal() {
        return lease.dividedBy(3);
    }
}

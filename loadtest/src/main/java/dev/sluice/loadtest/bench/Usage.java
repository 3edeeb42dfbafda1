package dev.sluice.loadtest.bench;

import java.util.OptionalLong;

/** What one service uses while a simulation runs: the most memory seen, and CPU time over wall time. One thread. */
final class Usage {

    private final ServiceProbe probe;
    private final OptionalLong cpuAtStart;
    private final long startNanos = System.nanoTime();
    private OptionalLong mostBytes = OptionalLong.empty();

    Usage(ServiceProbe probe) {
        this.probe = probe;
        this.cpuAtStart = probe.cpuMillis();
    }

    void sample() {
        probe.residentBytes().ifPresent(now -> mostBytes = OptionalLong.of(Math.max(mostBytes.orElse(0), now)));
    }

    /** Such as {@code 312 MB}, or {@code ?} where it cannot be read. */
    String memory() {
        return mostBytes.isPresent() ? (mostBytes.getAsLong() >> 20) + " MB" : "?";
    }

    /** Share of one core, such as {@code 85 %}; two busy cores are 200 %. Since the construction. */
    String cpu() {
        OptionalLong now = probe.cpuMillis();
        if (now.isEmpty() || cpuAtStart.isEmpty()) {
            return "?";
        }
        long wallMillis = Math.max(1, (System.nanoTime() - startNanos) / 1_000_000);
        return (now.getAsLong() - cpuAtStart.getAsLong()) * 100 / wallMillis + " %";
    }
}

package dev.sluice.loadtest.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What one service uses while a simulation runs: the most memory seen, and CPU time over wall time. One thread. */
final class Usage {

    private final ServiceProbe probe;
    private final List<Sample> samples = new ArrayList<>();
    private OptionalLong mostBytes = OptionalLong.empty();

    private record Sample(long atMillis, long cpuMillis) {}

    Usage(ServiceProbe probe) {
        this.probe = probe;
        sample();
    }

    void sample() {
        probe.residentBytes().ifPresent(now -> mostBytes = OptionalLong.of(Math.max(mostBytes.orElse(0), now)));
        probe.cpuMillis().ifPresent(cpu -> samples.add(new Sample(System.currentTimeMillis(), cpu)));
    }

    /** Such as {@code 312 MB}, or {@code ?} where it cannot be read. */
    String memory() {
        return mostBytes.isPresent() ? (mostBytes.getAsLong() >> 20) + " MB" : "?";
    }

    /** Share of one core between two instants, such as {@code 85 %}; two busy cores are 200 %. */
    String cpu(long fromMillis, long untilMillis) {
        List<Sample> within = samples.stream()
                .filter(sample -> sample.atMillis() >= fromMillis && sample.atMillis() <= untilMillis)
                .toList();
        if (within.size() < 2) {
            return "?";
        }
        long wallMillis = within.getLast().atMillis() - within.getFirst().atMillis();
        long cpuMillis = within.getLast().cpuMillis() - within.getFirst().cpuMillis();
        return cpuMillis * 100 / Math.max(1, wallMillis) + " %";
    }
}

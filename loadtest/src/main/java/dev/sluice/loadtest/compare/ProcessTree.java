package dev.sluice.loadtest.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * CPU time and memory of processes and all that they started, from Linux' {@code /proc}; zero elsewhere. Pages that
 * several processes share count once ({@code Pss}).
 */
public record ProcessTree(List<Long> roots) {

    private static final long MILLIS_PER_TICK = 10;

    public ProcessTree {
        roots = List.copyOf(roots);
    }

    /** Of these processes. */
    public static ProcessTree of(long... roots) {
        return new ProcessTree(Arrays.stream(roots).boxed().toList());
    }

    /** CPU time so far in milliseconds, with that of children which ended. */
    public long cpuMillis() {
        return pids().mapToLong(ProcessTree::cpuMillis).sum();
    }

    /** Resident memory in bytes. */
    public long residentBytes() {
        return pids().mapToLong(ProcessTree::residentBytes).sum();
    }

    private Stream<Long> pids() {
        return roots.stream()
                .flatMap(root -> ProcessHandle.of(root).stream())
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .map(ProcessHandle::pid)
                .distinct();
    }

    /** Fields 14 to 17 of {@code stat}, counted behind the name in brackets, which may hold anything. */
    private static long cpuMillis(long pid) {
        String stat = read(pid, "stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        long ticks = 0;
        for (int i = 11; i <= 14 && i < fields.length; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks * MILLIS_PER_TICK;
    }

    private static long residentBytes(long pid) {
        return read(pid, "smaps_rollup")
                .lines()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .sum();
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            return ""; // gone meanwhile, or not Linux
        }
    }
}

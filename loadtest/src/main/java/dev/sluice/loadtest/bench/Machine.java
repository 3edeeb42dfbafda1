package dev.sluice.loadtest.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What figures have to name beside them: the machine they come from. */
public final class Machine {

    private Machine() {}

    /** A line for each of date, CPU, memory and system. */
    public static List<String> describe() {
        return List.of(
                "Date: " + Instant.ofEpochMilli(System.currentTimeMillis()).truncatedTo(ChronoUnit.MINUTES),
                "CPU: " + field(Path.of("/proc/cpuinfo"), "model name") + ", "
                        + Runtime.getRuntime().availableProcessors()
                        + " cores, shared by load, simulator, engine and database",
                "Memory: " + field(Path.of("/proc/meminfo"), "MemTotal"),
                "System: " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", Java "
                        + System.getProperty("java.version"));
    }

    private static String field(Path file, String name) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("?");
        } catch (IOException e) {
            return "?"; // not Linux
        }
    }
}

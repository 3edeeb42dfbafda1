package dev.sluice.loadtest.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The bench's outcome as one Markdown table that also reads well on a terminal, and the machine it comes from. */
record Report(List<Row> rows, List<String> machine) {

    Report {
        rows = List.copyOf(rows);
        machine = List.copyOf(machine);
    }

    /** What this machine is, a line each. */
    static List<String> describeMachine(int warmUpSeconds) {
        List<String> lines = new ArrayList<>();
        lines.add("Date: " + Instant.ofEpochMilli(System.currentTimeMillis()).truncatedTo(ChronoUnit.MINUTES));
        lines.add("CPU: " + field(Path.of("/proc/cpuinfo"), "model name") + ", "
                + Runtime.getRuntime().availableProcessors()
                + " cores, shared by load, simulator, gateway, executor, PostgreSQL and Redis");
        lines.add("Memory: " + field(Path.of("/proc/meminfo"), "MemTotal"));
        lines.add("System: " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", Java "
                + System.getProperty("java.version"));
        lines.add("Warm-up: " + warmUpSeconds + " s before the first two are measured");
        return lines;
    }

    /** The table with aligned columns, and the machine's lines below. */
    String markdown() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(Row.HEADINGS);
        rows.forEach(row -> lines.add(row.cells()));
        int[] widths = IntStream.range(0, Row.HEADINGS.size())
                .map(column -> lines.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        List<String> table = lines.stream().map(line -> line(line, widths)).collect(Collectors.toList());
        table.add(1, rule(widths));
        return String.join("\n", table) + "\n\n"
                + machine.stream().map(line -> "- " + line).collect(Collectors.joining("\n")) + "\n";
    }

    private static String line(List<String> cells, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> cells.get(column)
                        + " ".repeat(widths[column] - cells.get(column).length()))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String rule(int[] widths) {
        return IntStream.of(widths).mapToObj("-"::repeat).collect(Collectors.joining(" | ", "| ", " |"));
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

package dev.sluice.loadtest.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The bench's outcome as one table, and the machine it comes from. */
record Report(List<Row> rows, List<String> machine) {

    Report {
        rows = List.copyOf(rows);
        machine = List.copyOf(machine);
    }

    /** What this machine is, a line each. */
    static List<String> describeMachine(int warmUpSeconds) {
        List<String> lines = new ArrayList<>(Machine.describe());
        lines.add("Warm-up: " + warmUpSeconds + " s before the first two are measured");
        return lines;
    }

    /** The table with aligned columns, and the machine's lines below. */
    String markdown() {
        return MarkdownTable.of(Row.HEADINGS, rows.stream().map(Row::cells).toList()) + "\n\n"
                + machine.stream().map(line -> "- " + line).collect(Collectors.joining("\n")) + "\n";
    }
}

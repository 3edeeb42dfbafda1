package dev.sluice.loadtest.expression;

import dev.sluice.loadtest.bench.MarkdownTable;
import java.util.List;

/** One workload on our evaluator, on jackson-jq, on jackson-jq with trees turned into one another, and in Java. */
record Comparison(Workload workload, Measured sluice, Measured jacksonJq, Measured converted, Measured byHand) {

    /** With how many times as much of the processors jackson-jq takes, and whether that reaches the goal. */
    static String table(List<Comparison> comparisons) {
        return MarkdownTable.of(
                List.of("workload", "evaluator", "time", "CPU", "bytes", "ratio", "goal"),
                comparisons.stream().flatMap(each -> each.rows().stream()).toList());
    }

    private List<List<String>> rows() {
        return List.of(
                row(workload.title(), "Sluice", sluice, "", ""),
                row("", "jackson-jq", jacksonJq, ratio(jacksonJq), goal(jacksonJq)),
                row("", "jackson-jq, converted", converted, ratio(converted), goal(converted)),
                row("", "by hand", byHand, ratio(byHand), ""));
    }

    private static List<String> row(String title, String evaluator, Measured measured, String ratio, String goal) {
        return List.of(title, evaluator, measured.time(), measured.processorTime(), measured.size(), ratio, goal);
    }

    private String ratio(Measured other) {
        return "%.1f".formatted(other.processor() / sluice.processor());
    }

    private String goal(Measured other) {
        boolean reached = other.processor() >= workload.goal() * sluice.processor();
        return workload.goal() + (reached ? ": reached" : ": missed");
    }
}

package dev.sluice.loadtest.interpreter;

import dev.sluice.loadtest.bench.Machine;
import dev.sluice.loadtest.bench.MarkdownTable;
import dev.sluice.loadtest.compare.Arguments;
import dev.sluice.loadtest.compare.CompareFailure;
import dev.sluice.loadtest.expression.Measured;
import dev.sluice.loadtest.expression.Measurement;
import java.util.List;
import java.util.Set;

/**
 * Measures what interpreting a task costs beside the reference engine: time and allocated bytes for each task of a run of {@code set}
 * and {@code switch}. Each row of the table is measured in JVMs of its own.
 */
public final class InterpreterBench {

    private static final int GOAL = 5;
    private static final Set<String> KNOWN = Set.of("--forks", "--warm-up", "--iterations", "--millis");

    private InterpreterBench() {}

    /** Ends with status 1 and one sentence when it cannot run. */
    public static void main(String[] arguments) {
        try {
            Arguments given =
                    Arguments.parse(List.of(arguments), KNOWN, "--forks N, --warm-up N, --iterations N, --millis N");
            run(new Measurement(
                    given.number("--forks", 3, 20),
                    given.number("--warm-up", 20, 100),
                    given.number("--iterations", 8, 100),
                    given.number("--millis", 1_000, 60_000)));
        } catch (CompareFailure e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Measurement measurement) {
        System.out.println("measuring: " + Steps.COUNT + " tasks a run");
        Measured sluice = measurement.of(Runs.class, "sluice");
        Measured reference = measurement.of(Runs.class, "reference");
        double ratio = reference.processor() / sluice.processor();
        System.out.println();
        System.out.println(MarkdownTable.of(
                List.of("engine", "time", "CPU", "bytes", "ratio", "goal"),
                List.of(
                        List.of("Sluice", sluice.time(), sluice.processorTime(), sluice.size(), "", ""),
                        List.of(
                                "reference",
                                reference.time(),
                                reference.processorTime(),
                                reference.size(),
                                "%.1f".formatted(ratio),
                                GOAL + (ratio >= GOAL ? ": reached" : ": missed")))));
        System.out.println();
        Machine.describe().forEach(each -> System.out.println("- " + each));
        System.out.println("- each task of a run of " + Steps.PAIRS + " pairs of set and switch; "
                + measurement.described() + "; the ratio is that of CPU");
    }
}

package dev.sluice.loadtest.expression;

import dev.sluice.loadtest.bench.Machine;
import dev.sluice.loadtest.compare.CompareFailure;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures the evaluator of expressions beside jackson-jq: time and allocated bytes for an evaluation. Each row of the table
 * is measured in JVMs of its own, those of a workload one after the other.
 */
public final class ExpressionBench {

    private final ExpressionOptions options;
    private final PrintStream out;

    private ExpressionBench(ExpressionOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Ends with status 1 and one sentence when it cannot run. */
    public static void main(String[] arguments) {
        try {
            new ExpressionBench(ExpressionOptions.parse(List.of(arguments)), System.out).run();
        } catch (CompareFailure e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void run() {
        List<Comparison> comparisons = new ArrayList<>();
        for (Workload workload : options.workloads()) {
            out.println("measuring: " + workload.title());
            comparisons.add(new Comparison(
                    workload,
                    measured(workload, "sluice"),
                    measured(workload, "jacksonJq"),
                    measured(workload, "jacksonJqConverted"),
                    measured(workload, "byHand")));
        }
        out.println();
        out.println(Comparison.table(comparisons));
        out.println();
        Machine.describe().forEach(each -> out.println("- " + each));
        out.println("- " + options.measurement().described() + "; the ratio is that of CPU");
    }

    private Measured measured(Workload workload, String method) {
        return options.measurement().of(Evaluation.class, method, Map.of("workload", workload.name()));
    }
}

package dev.sluice.loadtest.expression;

import dev.sluice.loadtest.bench.Machine;
import dev.sluice.loadtest.compare.CompareFailure;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

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
        out.println("- medians of %d JVMs of %d iterations of %d ms each, after %d of warm-up; the ratio is that of CPU"
                .formatted(options.forks(), options.iterations(), options.millis(), options.warmUp()));
    }

    private Measured measured(Workload workload, String method) {
        TimeValue length = TimeValue.milliseconds(options.millis());
        var plan = new OptionsBuilder()
                .include(Pattern.quote(Evaluation.class.getName() + "." + method) + "$")
                .param("workload", workload.name())
                .forks(options.forks())
                .warmupIterations(options.warmUp())
                .warmupTime(length)
                .measurementIterations(options.iterations())
                .measurementTime(length)
                .addProfiler(GCProfiler.class)
                .addProfiler(ProcessorTime.class)
                .jvmArgsAppend("-Xms512m", "-Xmx512m")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        try {
            RunResult result = new Runner(plan).runSingle();
            return Measured.of(result);
        } catch (RunnerException e) {
            throw new CompareFailure(workload.title() + " could not be measured: " + e.getMessage(), e);
        }
    }
}

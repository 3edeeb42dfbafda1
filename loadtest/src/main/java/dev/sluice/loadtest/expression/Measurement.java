package dev.sluice.loadtest.expression;

import dev.sluice.loadtest.compare.CompareFailure;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * How something is measured by JMH.
 *
 * @param forks      JVMs, one after the other
 * @param warmUp     iterations in each before those that are measured
 * @param iterations measured in each
 * @param millis     length of an iteration
 */
public record Measurement(int forks, int warmUp, int iterations, int millis) {

    /**
     * Measures a method of a class.
     *
     * @throws CompareFailure when it cannot be measured
     */
    public Measured of(Class<?> benchmarks, String method) {
        return of(benchmarks, method, Map.of());
    }

    /** The same with values for the parameters of its state. */
    Measured of(Class<?> benchmarks, String method, Map<String, String> parameters) {
        TimeValue length = TimeValue.milliseconds(millis);
        var plan = new OptionsBuilder()
                .include(Pattern.quote(benchmarks.getName() + "." + method) + "$")
                .forks(forks)
                .warmupIterations(warmUp)
                .warmupTime(length)
                .measurementIterations(iterations)
                .measurementTime(length)
                .addProfiler(GCProfiler.class)
                .addProfiler(ProcessorTime.class)
                .jvmArgsAppend("-Xms512m", "-Xmx512m")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        parameters.forEach(plan::param);
        try {
            return Measured.of(new Runner(plan.build()).runSingle());
        } catch (RunnerException e) {
            throw new CompareFailure(
                    method + " of " + parameters.values() + " could not be measured: " + e.getMessage(), e);
        }
    }

    /** In words. */
    public String described() {
        return "medians of %d JVMs of %d iterations of %d ms each, after %d of warm-up"
                .formatted(forks, iterations, millis, warmUp);
    }
}

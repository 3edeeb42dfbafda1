package dev.sluice.loadtest.expression;

import dev.sluice.loadtest.compare.Arguments;
import dev.sluice.loadtest.compare.CompareFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How much is measured.
 *
 * @param workloads   in this order
 * @param measurement of each row of the table
 */
record ExpressionOptions(List<Workload> workloads, Measurement measurement) {

    private static final Set<String> KNOWN = Set.of("--workloads", "--forks", "--warm-up", "--iterations", "--millis");

    ExpressionOptions {
        workloads = List.copyOf(workloads);
    }

    /** Reads {@code --name value} and {@code --name=value}. */
    static ExpressionOptions parse(List<String> arguments) {
        Arguments given = Arguments.parse(
                arguments, KNOWN, "--workloads NAME,…, --forks N, --warm-up N, --iterations N, --millis N");
        return new ExpressionOptions(
                workloads(given.text("--workloads", all())),
                new Measurement(
                        given.number("--forks", 3, 20),
                        given.number("--warm-up", 8, 100),
                        given.number("--iterations", 8, 100),
                        given.number("--millis", 250, 60_000)));
    }

    private static List<Workload> workloads(String names) {
        return Arrays.stream(names.split(",", -1))
                .map(ExpressionOptions::workload)
                .toList();
    }

    private static Workload workload(String name) {
        return Arrays.stream(Workload.values())
                .filter(each -> name(each).equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new CompareFailure("Unknown workload '" + name + "' (expected: some of " + all() + ")."));
    }

    private static String all() {
        return String.join(
                ",",
                Arrays.stream(Workload.values()).map(ExpressionOptions::name).toList());
    }

    private static String name(Workload workload) {
        return workload.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that would take more than there is. */
final class HostileRunsTest {

    /** As values they would take half a gigabyte. */
    @Test
    void countsToTenMillionWithoutHoldingWhatItCounts() {
        assertThat(Rehearsal.of("""
                do:
                  - count:
                      for: { in: '${ [range(10000000)] }' }
                      while: $index < 3
                      do: [ { add: { set: { n: '${ (.n // 0) + $item }' } } } ]
                """, "{}").finish()).isEqualTo("{\"n\":3}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[range(10000000) | {a: .}]",
                "[range(10000000) | tostring]",
                "[limit(10000000; repeat(1))]",
                "reduce range(100) as $i ([1]; . + .)"
            })
    void faultsWhereACollectionTakesMoreThanAnEvaluationMay(String collection) {
        TaskFault fault = Rehearsal.of(
                        "do: [ { loop: { for: { in: '${ " + collection
                                + " }' }, do: [ { x: { set: { a: 1 } } } ] } } ]",
                        "{}")
                .fails();

        assertThat(fault.error().type()).isEqualTo(ErrorType.EXPRESSION.uri());
        assertThat(fault.error().instance()).isEqualTo("/do/0/loop");
    }

    @Test
    void runsTenThousandTasks() {
        String tasks = IntStream.range(0, 10_000)
                .mapToObj(index -> "  - t" + index + ": { set: { n: '${ .n + 1 }' } }\n")
                .collect(Collectors.joining("", "do:\n", ""));

        Rehearsal rehearsal = Rehearsal.of(tasks, "{\"n\": 0}");

        assertThat(rehearsal.finish()).isEqualTo("{\"n\":10000}");
        assertThat(rehearsal.disk).isEmpty();
    }

    /** As deep as a document may be. */
    @Test
    void runsTasksInTasksInTasks() {
        String nested = "[ { t: { do: ".repeat(64) + "[ { s: { set: { n: 1 } } } ]" + " } } ]".repeat(64);

        assertThat(Rehearsal.of("do: " + nested, "{}").finish()).isEqualTo("{\"n\":1}");

        String attempts = "[ { t: { catch: {}, try: ".repeat(64)
                + "[ { s: { raise: { error: { type: 'urn:x', status: 400 } } } } ]" + " } } ]".repeat(64);
        assertThat(Rehearsal.of("do: " + attempts, "{\"n\": 2}").finish()).isEqualTo("{\"n\":2}");
    }

    @Test
    void endsForksInForks() {
        String nested = "[ { a: { set: { n: 1 } } }, { b: { set: { n: 2 } } } ]";
        for (int level = 0; level < 9; level++) {
            nested = "[ { a: { fork: { branches: " + nested + " } } }, { b: { fork: { branches: " + nested + " } } } ]";
        }
        String output = Rehearsal.of("do: " + nested, "{}").finish();

        assertThat(output).startsWith("[[[[").endsWith("]]]]");
    }
}

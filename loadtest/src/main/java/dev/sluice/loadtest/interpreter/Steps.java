package dev.sluice.loadtest.interpreter;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The document that both engines run: pairs of a {@code set} and a {@code switch} that leads to the next. Nothing leaves the engine. */
final class Steps {

    static final int PAIRS = 100;

    /** Tasks of a run. */
    static final int COUNT = 2 * PAIRS;

    private static final String HEAD = """
            document: { dsl: '1.0.0', namespace: bench, name: steps, version: '1.0.0' }
            do:
            """;

    private static final String PAIR = """
              - set%1$d:
                  set:
                    n: ${ .n + 1 }
                    name: item
              - switch%1$d:
                  switch:
                    - large: { when: '${ .n > 100000 }', then: end }
                    - small: { when: '${ .n > 0 }', then: %2$s }
            """;

    private Steps() {}

    /** In YAML. Its input is an object with a number {@code n}, its output has it raised by {@link #PAIRS}. */
    static String document() {
        return IntStream.range(0, PAIRS)
                .mapToObj(pair -> PAIR.formatted(pair, pair + 1 < PAIRS ? "set" + (pair + 1) : "end"))
                .collect(Collectors.joining("", HEAD, ""));
    }
}

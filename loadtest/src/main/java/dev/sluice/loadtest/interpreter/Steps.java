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

    private Steps() {}

    /** In YAML. Its input is an object with a number {@code n}, its output has it raised by {@link #PAIRS}. */
    static String document() {
        return IntStream.range(0, PAIRS).mapToObj(Steps::pair).collect(Collectors.joining("", HEAD, ""));
    }

    private static String pair(int number) {
        return """
                  - set%1$d:
                      set:
                        n: ${ .n + 1 }
                        name: item
                  - switch%1$d:
                      switch:
                        - large: { when: '${ .n > 100000 }', then: end }
                        - small: { when: '${ .n > 0 }', then: %2$s }
                """.formatted(number, number + 1 < PAIRS ? "set" + (number + 1) : "end");
    }
}

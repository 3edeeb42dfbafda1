package dev.sluice.loadtest.bench;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** One simulation's line of the table; figures are as measured, cells are text. */
record Row(List<String> cells) {

    static final List<String> HEADINGS = List.of(
            "simulation",
            "good answers",
            "per second",
            "p50 ms",
            "p99 ms",
            "errors",
            "gateway memory",
            "gateway CPU",
            "executor memory",
            "executor CPU",
            "note");

    Row {
        cells = List.copyOf(cells);
        if (cells.size() != HEADINGS.size()) {
            throw new IllegalArgumentException("cells: " + cells.size() + " (expected: " + HEADINGS.size() + ")");
        }
    }

    static Row of(String simulation, JsonNode figures, Usage gateway, Usage executor, String note) {
        long until = figures.path("untilMillis").asLong();
        long from = until - (long) (figures.path("seconds").asDouble() * 1_000);
        return new Row(List.of(
                simulation,
                figures.path("succeeded").asString(),
                String.format(Locale.ROOT, "%.0f", figures.path("perSecond").doubleValue()),
                figures.path("p50Millis").asString(),
                figures.path("p99Millis").asString(),
                figures.path("errors").asString(),
                gateway.memory(),
                gateway.cpu(from, until),
                executor.memory(),
                executor.cpu(from, until),
                note));
    }
}

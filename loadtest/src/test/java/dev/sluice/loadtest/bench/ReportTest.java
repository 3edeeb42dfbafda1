package dev.sluice.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportTest {

    @Test
    void alignsTheTableAndAddsTheMachine() {
        Row row = new Row(Collections.nCopies(Row.HEADINGS.size(), "a cell that is longer than its heading"));

        List<String> lines = new Report(List.of(row), List.of("CPU: two cores"))
                .markdown()
                .lines()
                .toList();

        assertThat(lines).hasSize(5).last().isEqualTo("- CPU: two cores");
        assertThat(lines.subList(0, 3))
                .allSatisfy(line -> assertThat(line)
                        .hasSameSizeAs(lines.getFirst())
                        .startsWith("| ")
                        .endsWith(" |"));
    }

    @Test
    void readsOptionsWithDefaults() {
        assertThat(BenchOptions.parse(List.of()))
                .isEqualTo(new BenchOptions(8080, 8081, Path.of(".sluice"), 64, 45, 15, 2_000));
        assertThat(BenchOptions.parse(List.of("--users", "5", "--gateway-port=9000")))
                .isEqualTo(new BenchOptions(9000, 8081, Path.of(".sluice"), 5, 45, 15, 2_000));
    }

    @Test
    void refusesUnknownOptionsAndValuesOutOfBounds() {
        assertThatThrownBy(() -> BenchOptions.parse(List.of("--user", "5")))
                .isInstanceOf(BenchFailure.class)
                .hasMessageStartingWith("Unknown option or no value: --user");
        assertThatThrownBy(() -> BenchOptions.parse(List.of("--seconds=0")))
                .isInstanceOf(BenchFailure.class)
                .hasMessage("--seconds is out of bounds: 0 (expected: 1 to 300).");
    }

    @Test
    void readsMemoryAndCpuOfTheProcessThatListens() {
        try (ScriptedGateway gateway = new ScriptedGateway()) {
            ServiceProbe probe = ServiceProbe.listeningOn(gateway.uri().getPort());

            assertThat(probe.residentBytes().orElseThrow()).isGreaterThan(10_000_000);
            assertThat(probe.cpuMillis().orElseThrow()).isPositive();
        }
    }
}

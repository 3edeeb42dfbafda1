package dev.sluice.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CompareOptionsTest {

    private static final Path HOME = Path.of("/home/of/sluice");

    @Test
    void comparesAllPeersUnlessSomeAreChosen() {
        assertThat(CompareOptions.parse(List.of(), HOME))
                .isEqualTo(new CompareOptions(
                        List.of("sluice", "dbos", "restate", "node-red", "n8n", "conductor"),
                        10,
                        20,
                        64,
                        25_000,
                        HOME.resolve(".sluice-peers")));
        assertThat(CompareOptions.parse(List.of("--peers", "dbos,sluice", "--seconds=3", "--folder=/tmp/x"), HOME))
                .isEqualTo(new CompareOptions(List.of("dbos", "sluice"), 3, 20, 64, 25_000, Path.of("/tmp/x")));
    }

    @Test
    void namesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> CompareOptions.parse(List.of("--peers=sluice,temporal"), HOME))
                .isInstanceOf(CompareFailure.class)
                .hasMessageStartingWith("Unknown peer 'temporal' (expected: some of sluice,dbos");
        assertThatThrownBy(() -> CompareOptions.parse(List.of("--second=3"), HOME))
                .isInstanceOf(CompareFailure.class)
                .hasMessageStartingWith("Unknown option or no value: --second");
        assertThatThrownBy(() -> CompareOptions.parse(List.of("--in-flight=0"), HOME))
                .isInstanceOf(CompareFailure.class)
                .hasMessage("--in-flight is out of bounds: 0 (expected: 1 to 1000).");
    }
}

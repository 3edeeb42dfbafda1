package dev.sluice.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PeersTest {

    @TempDir
    private Path folder;

    @Test
    void knowsEachPeerThatItNames() {
        try (Children children = new Children()) {
            Workshop workshop = new Workshop(folder, folder, 25_000, 25_009, children);

            assertThat(Peers.NAMES)
                    .allSatisfy(
                            name -> assertThat(Peers.of(name, workshop).name()).isEqualTo(name));
            assertThatThrownBy(() -> Peers.of("temporal", workshop)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

package dev.sluice.loadtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.drill.SmallDrill;
import dev.sluice.shared.testing.TestFolders;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything accepted finishes with its own output, and no journaled call is repeated, whatever dies: in small numbers what
 * {@code ./sluice drill} does in large ones. {@code -Dsluice.drill.seed=…} repeats the moments of an earlier run.
 */
@Timeout(unit = TimeUnit.MINUTES, value = 6)
final class DrillIT {

    private static final long SEED = Long.getLong("sluice.drill.seed", System.nanoTime());

    private static SmallDrill drill;

    @BeforeAll
    static void start(@TempDir Path folder) {
        drill = new SmallDrill(Path.of(".."), folder, TestFolders.binaries(), SEED);
    }

    @AfterAll
    static void stop() {
        drill.close();
    }

    @Test
    void theAccountIsExactAfterKillsAtRandomMoments() {
        assertThat(drill.crashes(4)).as("sluice.drill.seed=%d", SEED).isEmpty();
    }

    @Test
    void theAccountIsExactAfterAnEmptiedRedisAndAKilledDatabase() {
        assertThat(drill.others()).as("sluice.drill.seed=%d", SEED).isEmpty();
    }
}

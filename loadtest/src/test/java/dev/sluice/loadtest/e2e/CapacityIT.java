package dev.sluice.loadtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.capacity.Capacity;
import dev.sluice.loadtest.capacity.Workbench;
import dev.sluice.shared.testing.TestFolders;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that wait are all there after a restart in the middle: in small numbers what {@code ./sluice bench capacity} does. */
@Timeout(unit = TimeUnit.MINUTES, value = 3)
final class CapacityIT {

    @Test
    void losesNoWaitingRunWhenTheExecutorIsRestarted(@TempDir Path folder) {
        List<String> options =
                List.of("--count=200", "--spread=2s", "--start-after=6s", "--restart=term", "--data=" + folder);
        Workbench bench =
                Workbench.of(options, Path.of(".."), System.out::println).quick(TestFolders.binaries());

        assertThat(Capacity.exactness(bench, "waiting")).isEmpty();
    }
}

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

/** Each accepted webhook has its one run: in small numbers what {@code ./sluice bench capacity} does. */
@Timeout(unit = TimeUnit.MINUTES, value = 3)
final class CapacityIT {

    @Test
    void accountsForEachWebhookOfABurst(@TempDir Path folder) {
        Workbench bench = Workbench.of(List.of("--count=200", "--data=" + folder), Path.of(".."), System.out::println)
                .quick(TestFolders.binaries());

        assertThat(Capacity.exactness(bench, "burst")).isEmpty();
    }
}

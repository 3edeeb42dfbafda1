package dev.sluice.loadtest.e2e;

import dev.sluice.loadtest.drill.DrillSystem;
import dev.sluice.loadtest.drill.ServiceOptions;
import dev.sluice.shared.testing.TestFolders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Systems of tests, from the jars that were packaged before. */
public final class LocalSystems {

    /** Short, so that a takeover is. */
    static final Duration LEASE = Duration.ofSeconds(3);

    private LocalSystems() {}

    static DrillSystem of(Path folder, int executors, int gateways) {
        return of(folder, executors, gateways, Map.of());
    }

    /** One whose executors have these variables too. */
    public static DrillSystem of(Path folder, int executors, int gateways, Map<String, String> variables) {
        return new DrillSystem(new DrillSystem.Shape(
                Path.of(".."),
                folder,
                TestFolders.binaries(),
                executors,
                gateways,
                LEASE,
                false,
                ServiceOptions.quick(variables),
                ServiceOptions.quick(Map.of())));
    }
}

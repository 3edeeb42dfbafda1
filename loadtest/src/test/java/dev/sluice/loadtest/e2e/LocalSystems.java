package dev.sluice.loadtest.e2e;

import dev.sluice.loadtest.drill.DrillSystem;
import dev.sluice.loadtest.drill.ServiceOptions;
import dev.sluice.shared.testing.TestFolders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Systems of tests, from the jars that were packaged before. */
public final class LocalSystems {

    /** Short, for tests in which it shall run out. */
    static final Duration SHORT_LEASE = Duration.ofSeconds(5);

    /** Of a node that nobody ends: it does not run out because the machine has other things to do for a while. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private LocalSystems() {}

    static DrillSystem of(Path folder, int executors, int gateways) {
        return of(folder, executors, gateways, LEASE, Map.of());
    }

    /** One whose executors have another lease. */
    static DrillSystem of(Path folder, int executors, int gateways, Duration lease) {
        return of(folder, executors, gateways, lease, Map.of());
    }

    /** One whose executors have these variables too. */
    public static DrillSystem of(Path folder, int executors, int gateways, Map<String, String> variables) {
        return of(folder, executors, gateways, LEASE, variables);
    }

    private static DrillSystem of(
            Path folder, int executors, int gateways, Duration lease, Map<String, String> variables) {
        return new DrillSystem(new DrillSystem.Shape(
                Path.of(".."),
                folder,
                TestFolders.binaries(),
                executors,
                gateways,
                lease,
                false,
                ServiceOptions.quick(variables),
                ServiceOptions.quick(Map.of())));
    }
}

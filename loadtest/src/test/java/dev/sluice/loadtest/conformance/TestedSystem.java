package dev.sluice.loadtest.conformance;

import dev.sluice.loadtest.drill.Api;
import dev.sluice.loadtest.drill.DrillSystem;
import dev.sluice.loadtest.drill.ServiceProcess;
import dev.sluice.loadtest.e2e.LocalSystems;
import dev.sluice.shared.testing.TestTls;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Both services as processes, and the simulator of the hosts outside: one for all scenarios. */
final class TestedSystem implements AutoCloseable {

    /** Steps are made by Cucumber, which hands nothing to them. */
    private static final AtomicReference<@Nullable TestedSystem> CURRENT = new AtomicReference<>();

    private final HostSimulator hosts;
    private final DrillSystem system;
    private final Api api;

    private TestedSystem(HostSimulator hosts, DrillSystem system) {
        this.hosts = hosts;
        this.system = system;
        this.api = new Api(system.gateway(0));
    }

    /** Starts everything and waits until it is ready; what came up of it ends when something does not. */
    static TestedSystem start(Path folder) {
        HostSimulator hosts = new HostSimulator(folder);
        DrillSystem system = LocalSystems.of(folder, 1, 1, hosts.variables());
        TestedSystem tested = new TestedSystem(hosts, system);
        CURRENT.set(tested);
        try {
            system.startServers(String.join(",", hosts.addresses()));
            ServiceProcess executor = system.launch("executor-1");
            ServiceProcess gateway = system.launch("gateway-1");
            executor.awaitReady();
            gateway.awaitReady();
            return tested;
        } catch (RuntimeException | Error e) {
            tested.close();
            throw e;
        }
    }

    static Tenant newTenant() {
        return Tenant.with(current().api);
    }

    /** The certificate and the key that a host outside knows. */
    static TestTls client() {
        return current().hosts.client();
    }

    private static TestedSystem current() {
        return Objects.requireNonNull(CURRENT.get(), "no system was started");
    }

    @Override
    public void close() {
        CURRENT.set(null);
        system.close();
        hosts.close();
    }
}

package dev.sluice.shared.local;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Everything on one machine: data folder, PostgreSQL, Redis, executor, gateway, in that order; stopped in the other.
 * All methods block; {@link #kill} may be called from another thread at any time.
 */
final class LocalSystem implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(1);

    private final LocalOptions options;
    private final Progress progress;
    private final Shutdown shutdown;
    private final Deque<ServiceProcess> services = new ConcurrentLinkedDeque<>();
    private volatile @Nullable DataFolder data;
    private volatile @Nullable Backends backends;

    LocalSystem(LocalOptions options, Progress progress, Shutdown shutdown) {
        this.options = options;
        this.progress = progress;
        this.shutdown = shutdown;
    }

    /**
     * Starts all of it; after an exception {@link #close} stops what had started.
     *
     * @param home the root of the repository, where the built services are
     */
    ServiceEnvironment start(Path home, Map<String, String> callers) {
        ServiceJar executor = ServiceJar.of(home, "executor", "1g");
        ServiceJar gateway = ServiceJar.of(home, "gateway", "512m");
        DataFolder folder = DataFolder.open(options.data());
        data = folder;
        ServiceEnvironment environment = startBackends(folder, callers);
        shutdown.pause(Duration.ZERO);
        ServiceProcess first =
                startService("executor", executor.copiedTo(folder.path()), environment.forExecutor(), folder);
        ServiceProcess second =
                startService("gateway", gateway.copiedTo(folder.path()), environment.forGateway(), folder);
        awaitReady(first, "Executor", options.executorUrl(), options.executorManagementPort());
        awaitReady(second, "Gateway", options.gatewayUrl(), options.gatewayManagementPort());
        return environment;
    }

    /** The servers and the environment the services get; the ports are checked first. */
    ServiceEnvironment startBackends(DataFolder folder, Map<String, String> callers) {
        Ports.requireFree(options.ports());
        Secrets secrets = Secrets.in(folder.secrets());
        Backends started = Backends.start(folder.path(), secrets, callers, progress);
        backends = started;
        return ServiceEnvironment.of(options, secrets, started.variables(), callers);
    }

    static URI readiness(int managementPort) {
        return URI.create("http://127.0.0.1:" + managementPort + "/actuator/health/readiness");
    }

    private ServiceProcess startService(
            String name, ServiceJar jar, Map<String, String> environment, DataFolder folder) {
        ServiceProcess service = ServiceProcess.start(name, jar.command(), environment, folder.log(name), shutdown);
        services.push(service);
        return service;
    }

    private void awaitReady(ServiceProcess service, String name, String url, int managementPort) {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
            progress.step(name, () -> service.awaitReady(client, readiness(managementPort)), url);
        }
    }

    /** Gateway, executor, Redis, PostgreSQL; returns when no process is left. */
    @Override
    public void close() {
        while (!services.isEmpty()) {
            services.peek().stop();
            services.poll();
        }
        closeIfStarted(backends);
        closeIfStarted(data);
    }

    /** Ends every process at once, without grace. */
    void kill() {
        services.forEach(ServiceProcess::kill);
        Backends started = backends;
        if (started != null) {
            started.kill();
        }
    }

    private static void closeIfStarted(@Nullable AutoCloseable part) {
        if (part != null) {
            Closing.quietly(part);
        }
    }
}

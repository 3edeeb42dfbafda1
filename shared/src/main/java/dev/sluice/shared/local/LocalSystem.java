package dev.sluice.shared.local;

import dev.sluice.shared.embedded.EmbeddedServerException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Everything on one machine: data folder, PostgreSQL, Redis, executor, gateway, in that order; stopped in the other.
 * All methods block; {@link #kill} may be called from another thread at any time.
 */
final class LocalSystem implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final LocalOptions options;
    private final Progress progress;
    private final Shutdown shutdown;
    private final Deque<ServiceProcess> services = new ConcurrentLinkedDeque<>();
    private volatile @Nullable DataFolder data;
    private volatile @Nullable Backends backends;
    private volatile @Nullable Guard guard;
    private volatile boolean killed;

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
        try {
            return startAll(home, callers);
        } catch (LocalFailure | EmbeddedServerException e) {
            throw shutdown.explain(e);
        }
    }

    private ServiceEnvironment startAll(Path home, Map<String, String> callers) {
        ServiceJar executor = ServiceJar.of(home, "executor", "1g");
        ServiceJar gateway = ServiceJar.of(home, "gateway", "512m");
        DataFolder folder = DataFolder.open(options.data(), options.gatewayUrl());
        data = folder;
        FolderProcesses.stop(new FolderProcesses(folder.path()).services(), GRACE);
        Guard started = Guard.start();
        guard = started;
        ServiceEnvironment environment = startBackends(folder, callers, started);
        shutdown.pause(Duration.ZERO);
        ServiceProcess first =
                startService("executor", executor.copiedTo(folder.path()), environment.forExecutor(), folder);
        started.service(first.pid());
        ServiceProcess second =
                startService("gateway", gateway.copiedTo(folder.path()), environment.forGateway(), folder);
        started.service(second.pid());
        awaitReady(first, "Executor", options.executorUrl(), options.executorManagementPort());
        awaitReady(second, "Gateway", options.gatewayUrl(), options.gatewayManagementPort());
        return environment;
    }

    /** The servers and the environment the services get; the ports are checked first. */
    private ServiceEnvironment startBackends(DataFolder folder, Map<String, String> callers, Guard guard) {
        Ports.requireFree(options.ports());
        Secrets secrets = Secrets.in(folder.secrets());
        Backends started = Backends.start(folder.path(), secrets, callers, progress, shutdown);
        backends = started;
        started.pids().forEach(guard::server);
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
        DataFolder folder = data;
        if (folder != null) {
            // A start that was broken off may leave a program that nobody holds.
            FolderProcesses.stop(new FolderProcesses(folder.path()).servers(), GRACE);
        }
        closeIfStarted(guard);
        closeIfStarted(folder);
        if (killed) {
            waitForTheEnd();
        }
    }

    /** Ends every process at once, without grace; from then on {@link #close} blocks until this process is ended too. */
    void kill() {
        killed = true;
        services.forEach(ServiceProcess::kill);
        DataFolder folder = data;
        if (folder != null) {
            new FolderProcesses(folder.path()).killAll();
        }
    }

    /** Whoever kills also ends this process, once all others are gone. */
    private static void waitForTheEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeIfStarted(@Nullable AutoCloseable part) {
        // What is being killed cannot be stopped, and nobody wants to read that.
        if (part != null && !killed) {
            Closing.quietly(part);
        }
    }
}

package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.drill.Api;
import dev.sluice.loadtest.drill.DrillSystem;
import dev.sluice.loadtest.drill.ServiceOptions;
import dev.sluice.loadtest.drill.ServiceProcess;
import dev.sluice.loadtest.drill.Superuser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One gateway and one executor with the Java options of {@code ./sluice up}, embedded PostgreSQL with fsync and Redis, all on
 * free ports; rate limits are out of the way unless the scenario wants some. What it started ends with this process, and its data goes when it is closed.
 */
final class CapacitySystem implements AutoCloseable {

    private static final String EXECUTOR = "executor-1";
    private static final String GATEWAY = "gateway-1";

    /** The default. */
    private static final Duration LEASE = Duration.ofSeconds(10);

    private final DrillSystem system;
    private final Path folder;
    private final Thread atExit;

    private CapacitySystem(DrillSystem system, Path folder) {
        this.system = system;
        this.folder = folder;
        this.atExit = Thread.ofPlatform().unstarted(system::end);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts everything and waits until it is ready. */
    static CapacitySystem start(Workbench bench, SystemShape shape) {
        Path folder = bench.folder().resolve("system");
        empty(folder);
        CapacitySystem started = new CapacitySystem(
                new DrillSystem(new DrillSystem.Shape(
                        bench.home(), folder, bench.binaries(), 1, 1, LEASE, false, executor(shape), gateway(shape))),
                folder);
        try {
            started.system.startServers(shape.allow());
            List<ServiceProcess> services =
                    Stream.of(EXECUTOR, GATEWAY).map(started.system::launch).toList();
            services.forEach(ServiceProcess::awaitReady);
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    Api api() {
        return new Api(gateway());
    }

    URI gateway() {
        return system.gateway(0);
    }

    Superuser superuser() {
        return system.superuser();
    }

    RunLedger ledger() {
        return new RunLedger(superuser());
    }

    RedisWatch redis() {
        return RedisWatch.of(system.redis().url());
    }

    Memory executorMemory() {
        return Memory.of(system.service(EXECUTOR).pid());
    }

    Memory gatewayMemory() {
        return Memory.of(system.service(GATEWAY).pid());
    }

    long executorResident() {
        return Memory.resident(system.service(EXECUTOR).pid());
    }

    long gatewayResident() {
        return Memory.resident(system.service(GATEWAY).pid());
    }

    /** SIGTERM or SIGKILL to the executor, and a new one in its place; returns when that is ready. */
    void restartExecutor(boolean kill) {
        ServiceProcess executor = system.service(EXECUTOR);
        if (kill) {
            executor.kill();
        } else {
            executor.close();
        }
        system.launch(EXECUTOR).awaitReady();
    }

    @Override
    public void close() {
        system.end();
        Runtime.getRuntime().removeShutdownHook(atExit);
        empty(folder.resolve("postgres-0"));
        empty(folder.resolve("redis"));
    }

    private static ServiceOptions executor(SystemShape shape) {
        Map<String, String> variables = new HashMap<>(shape.executor());
        // As they are by default: this system has few services.
        variables.put("SLUICE_POSTGRES_POOLSIZE", "16");
        return new ServiceOptions(java(shape.executorHeap(), shape.executorJava()), variables);
    }

    private static ServiceOptions gateway(SystemShape shape) {
        Map<String, String> variables = new HashMap<>();
        variables.put("SLUICE_POSTGRES_POOLSIZE", "16");
        for (String bound : List.of("KEY", "ORGANIZATION", "ENDPOINT")) {
            variables.put("SLUICE_ADMISSION_" + bound + "_RATE", Integer.toString(shape.admission()));
            variables.put(
                    "SLUICE_ADMISSION_" + bound + "_BURST", Integer.toString(Math.max(1, shape.admission() / 10)));
        }
        return new ServiceOptions(java(shape.gatewayHeap(), List.of()), variables);
    }

    private static List<String> java(String heap, List<String> own) {
        List<String> all =
                new ArrayList<>(List.of("-Xmx" + heap, "-XX:+UseCompactObjectHeaders", "-XX:+ExitOnOutOfMemoryError"));
        all.addAll(own);
        return all;
    }

    private static void empty(Path folder) {
        try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.<Path>empty()) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new CapacityFailure("The folder " + folder + " cannot be emptied: " + e.getMessage() + ".", e);
        }
    }
}

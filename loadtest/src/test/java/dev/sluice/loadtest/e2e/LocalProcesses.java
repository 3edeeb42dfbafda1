package dev.sluice.loadtest.e2e;

import dev.sluice.shared.embedded.EmbeddedPostgresServer;
import dev.sluice.shared.embedded.EmbeddedPostgresSettings;
import dev.sluice.shared.embedded.EmbeddedRedisServer;
import dev.sluice.shared.embedded.EmbeddedRedisSettings;
import dev.sluice.shared.postgres.DatabaseRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A whole system on free ports of 127.0.0.1: embedded PostgreSQL and Redis, executors and a gateway as processes.
 * Closing stops everything in the opposite order. Blocks; for one thread.
 */
final class LocalProcesses implements AutoCloseable {

    static final String API_KEY = "sk_" + "k".repeat(43);

    private final Deque<Runnable> running = new ArrayDeque<>();
    private final Map<String, String> variables = new HashMap<>();
    private final Path folder;
    private final Path binaries;
    private final int gatewayPort = freePort();
    private final int executorPort = freePort();

    LocalProcesses(Path folder, Path binaries) {
        this.folder = folder;
        this.binaries = binaries;
    }

    /** Starts the servers; {@code allow} is what workflows may reach ({@code host:port}). */
    void startServers(String allow) {
        Map<DatabaseRole, String> passwords = new EnumMap<>(DatabaseRole.class);
        for (DatabaseRole role : DatabaseRole.values()) {
            String password = UUID.randomUUID().toString();
            passwords.put(role, password);
            variables.put("SLUICE_POSTGRES_" + role.name() + "_PASSWORD", password);
        }
        String superuser = UUID.randomUUID().toString();
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.start(
                new EmbeddedPostgresSettings(folder.resolve("postgres"), binaries, 0, true, superuser, passwords));
        running.push(postgres::close);
        EmbeddedRedisServer redis = EmbeddedRedisServer.start(new EmbeddedRedisSettings(
                folder.resolve("redis"), binaries, 0, UUID.randomUUID().toString()));
        running.push(redis::close);
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        variables.put(
                "SLUICE_POSTGRES_URL",
                postgres.url(EmbeddedPostgresServer.DATABASE).toString());
        variables.put("SLUICE_REDIS_URL", redis.url().toString());
        variables.put("SLUICE_MASTER_KEY", key);
        variables.put("SLUICE_ASSERTION_KEY", key);
        variables.put("SLUICE_EXECUTOR_URL", "http://127.0.0.1:" + executorPort);
        variables.put("SLUICE_PUBLIC_URL", gateway().toString());
        variables.put("SLUICE_BOOTSTRAP_API_KEY", API_KEY);
        variables.put("SLUICE_OUTBOUND_ALLOW", allow);
        variables.put("SLUICE_LOG_FORMAT", "text");
    }

    /** Starts the executor that the gateway talks to. */
    ServiceProcess startExecutor() {
        return startExecutor(executorPort);
    }

    /** Starts one more executor on a free port: it takes work from Redis and takes over runs. */
    ServiceProcess startAnotherExecutor() {
        return startExecutor(freePort());
    }

    ServiceProcess startGateway() {
        return start("gateway", gatewayPort, "SLUICE_POSTGRES_ENGINE_PASSWORD");
    }

    URI gateway() {
        return URI.create("http://127.0.0.1:" + gatewayPort);
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            running.pop().run();
        }
    }

    private ServiceProcess startExecutor(int port) {
        return start("executor", port, "SLUICE_POSTGRES_INGEST_PASSWORD");
    }

    private ServiceProcess start(String service, int port, String withheld) {
        int management = freePort();
        String prefix = service.equals("gateway") ? "SLUICE_GATEWAY_" : "SLUICE_EXECUTOR_";
        Map<String, String> own = new HashMap<>(variables);
        own.put(prefix + "PORT", Integer.toString(port));
        own.put(prefix + "MANAGEMENT_PORT", Integer.toString(management));
        own.remove(withheld);
        ServiceProcess process =
                ServiceProcess.launch(service, own, folder.resolve(service + "-" + management + ".log"));
        running.push(process::close);
        process.awaitReady(management);
        return process;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

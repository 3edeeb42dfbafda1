package dev.sluice.loadtest.e2e;

import dev.sluice.shared.embedded.EmbeddedPostgresServer;
import dev.sluice.shared.embedded.EmbeddedPostgresSettings;
import dev.sluice.shared.embedded.EmbeddedRedisServer;
import dev.sluice.shared.embedded.EmbeddedRedisSettings;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A whole system on free ports of 127.0.0.1: embedded PostgreSQL and Redis, executors and a gateway as processes.
 * Closing stops everything in the opposite order. Blocks; for one thread.
 */
final class LocalProcesses implements AutoCloseable {

    static final String API_KEY = "sk_" + "k".repeat(43);

    /** Short, so that a takeover is. */
    static final Duration LEASE = Duration.ofSeconds(3);

    private static final byte[] MASTER_KEY = new byte[32];

    private final Deque<Runnable> running = new ArrayDeque<>();
    private final Map<String, String> variables = new HashMap<>();
    private final Path folder;
    private final int gatewayPort = freePort();
    private final List<Integer> executorPorts = List.of(freePort(), freePort());
    private final Map<DatabaseRole, String> passwords = new EnumMap<>(DatabaseRole.class);
    private @Nullable EmbeddedPostgresServer postgres;
    private @Nullable EmbeddedRedisServer redis;

    LocalProcesses(Path folder) {
        this.folder = folder;
    }

    /** Starts the servers; {@code allow} is what workflows may reach ({@code host:port}). */
    void startServers(String allow) {
        for (DatabaseRole role : DatabaseRole.values()) {
            String password = UUID.randomUUID().toString();
            passwords.put(role, password);
            variables.put("SLUICE_POSTGRES_" + role.name() + "_PASSWORD", password);
        }
        String superuser = UUID.randomUUID().toString();
        postgres = EmbeddedPostgresServer.start(new EmbeddedPostgresSettings(
                folder.resolve("postgres"), TestFolders.binaries(), 0, true, superuser, passwords));
        running.push(postgres::close);
        redis = EmbeddedRedisServer.start(new EmbeddedRedisSettings(
                folder.resolve("redis"),
                TestFolders.binaries(),
                0,
                UUID.randomUUID().toString()));
        running.push(redis::close);
        Balancer balancer = new Balancer(executorPorts);
        running.push(balancer::close);
        String key = Base64.getEncoder().encodeToString(MASTER_KEY);
        variables.put(
                "SLUICE_POSTGRES_URL",
                postgres.url(EmbeddedPostgresServer.DATABASE).toString());
        variables.put("SLUICE_REDIS_URL", redis.url().toString());
        variables.put("SLUICE_MASTER_KEY", key);
        variables.put("SLUICE_ASSERTION_KEY", key);
        variables.put("SLUICE_EXECUTOR_URL", balancer.uri().toString());
        variables.put("SLUICE_PUBLIC_URL", gateway().toString());
        variables.put("SLUICE_BOOTSTRAP_API_KEY", API_KEY);
        variables.put("SLUICE_OUTBOUND_ALLOW", allow);
        variables.put("SLUICE_LOG_FORMAT", "text");
        variables.put("SLUICE_EXECUTOR_NODE_LEASE", LEASE.toMillis() + "ms");
    }

    /** Begins to start the executor that the gateway prefers; await its readiness. */
    ServiceProcess launchExecutor() {
        return launchExecutor("first", executorPorts.getFirst());
    }

    /** Begins to start one more executor, to which the gateway turns when the first is gone. */
    ServiceProcess launchSecondExecutor() {
        return launchExecutor("second", executorPorts.getLast());
    }

    /** Begins to start the gateway; await its readiness. */
    ServiceProcess launchGateway() {
        return launch("gateway", gatewayPort, Map.of("SLUICE_POSTGRES_ENGINE_PASSWORD", ""));
    }

    /** Looks into the database; close it before this. */
    Ledger ledger() {
        return new Ledger(
                new PostgresSettings(
                        postgres().url(EmbeddedPostgresServer.DATABASE),
                        passwords,
                        2,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5)),
                MASTER_KEY);
    }

    EmbeddedPostgresServer postgres() {
        return Objects.requireNonNull(postgres, "startServers() comes first");
    }

    EmbeddedRedisServer redis() {
        return Objects.requireNonNull(redis, "startServers() comes first");
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

    private ServiceProcess launchExecutor(String node, int port) {
        return launch(
                "executor", port, Map.of("SLUICE_POSTGRES_INGEST_PASSWORD", "", "SLUICE_EXECUTOR_NODE_NAME", node));
    }

    private ServiceProcess launch(String service, int port, Map<String, String> special) {
        int management = freePort();
        String prefix = service.equals("gateway") ? "SLUICE_GATEWAY_" : "SLUICE_EXECUTOR_";
        Map<String, String> own = new HashMap<>(variables);
        own.putAll(special);
        own.put(prefix + "PORT", Integer.toString(port));
        own.put(prefix + "MANAGEMENT_PORT", Integer.toString(management));
        ServiceProcess process = ServiceProcess.launch(service, own, management, folder);
        running.push(process::close);
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

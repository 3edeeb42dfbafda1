package dev.sluice.shared.local;

import dev.sluice.shared.embedded.EmbeddedPostgresServer;
import dev.sluice.shared.embedded.EmbeddedPostgresSettings;
import dev.sluice.shared.embedded.EmbeddedRedisServer;
import dev.sluice.shared.embedded.EmbeddedRedisSettings;
import dev.sluice.shared.postgres.DatabaseRole;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** PostgreSQL and Redis: started here, or somebody else's when their URLs are in the environment. */
final class Backends implements AutoCloseable {
    private final Map<String, String> variables = new HashMap<>();
    private final Deque<AutoCloseable> servers = new ArrayDeque<>();
    private final List<Long> pids = new ArrayList<>();

    private Backends() {}

    /** Blocks until both answer; what was started is stopped again when the other fails or the user stops. */
    static Backends start(
            Path data, Secrets secrets, Map<String, String> environment, Progress progress, Shutdown shutdown) {
        Backends backends = new Backends();
        try {
            backends.startPostgres(data, secrets, environment, progress);
            shutdown.pause(Duration.ZERO);
            backends.startRedis(data, secrets, environment, progress);
            return backends;
        } catch (RuntimeException e) {
            backends.close();
            throw e;
        }
    }

    /** The addresses and passwords, as the services' environment names them. */
    Map<String, String> variables() {
        return Map.copyOf(variables);
    }

    /** Of the servers that were started here. */
    List<Long> pids() {
        return List.copyOf(pids);
    }

    static String variable(DatabaseRole role) {
        return "SLUICE_POSTGRES_" + role.name() + "_PASSWORD";
    }

    private void startPostgres(Path data, Secrets secrets, Map<String, String> environment, Progress progress) {
        String external = environment.get("SLUICE_POSTGRES_URL");
        if (external != null) {
            progress.step(
                    "PostgreSQL",
                    () -> ExternalServers.requirePostgres(external, environment),
                    external + " (SLUICE_POSTGRES_URL)");
            return;
        }
        Map<DatabaseRole, String> passwords = new EnumMap<>(DatabaseRole.class);
        for (DatabaseRole role : DatabaseRole.values()) {
            passwords.put(role, secrets.password(role.login()));
            variables.put(variable(role), secrets.password(role.login()));
        }
        var server = progress.step(
                "PostgreSQL",
                () -> EmbeddedPostgresServer.start(new EmbeddedPostgresSettings(
                        data.resolve("postgres"),
                        data.resolve("binaries"),
                        0,
                        true,
                        secrets.password("postgres"),
                        passwords)),
                started -> "port " + started.port());
        servers.push(server);
        pids.add(server.pid());
        variables.put(
                "SLUICE_POSTGRES_URL",
                server.url(EmbeddedPostgresServer.DATABASE).toString());
    }

    private void startRedis(Path data, Secrets secrets, Map<String, String> environment, Progress progress) {
        String external = environment.get("SLUICE_REDIS_URL");
        if (external != null) {
            progress.step("Redis", () -> ExternalServers.requireRedis(external), "from SLUICE_REDIS_URL");
            return;
        }
        var server = progress.step(
                "Redis",
                () -> EmbeddedRedisServer.start(new EmbeddedRedisSettings(
                        data.resolve("redis"), data.resolve("binaries"), 0, secrets.password("redis"))),
                started -> "port " + started.port());
        servers.push(server);
        pids.add(server.pid());
        variables.put("SLUICE_REDIS_URL", server.url().toString());
    }

    /** Redis, then PostgreSQL; blocks until both are gone. */
    @Override
    public void close() {
        while (!servers.isEmpty()) {
            Closing.quietly(servers.pop());
        }
    }
}

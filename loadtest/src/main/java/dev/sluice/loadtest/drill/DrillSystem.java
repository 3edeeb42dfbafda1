package dev.sluice.loadtest.drill;

import dev.sluice.shared.embedded.EmbeddedPostgresServer;
import dev.sluice.shared.embedded.EmbeddedPostgresSettings;
import dev.sluice.shared.embedded.EmbeddedRedisServer;
import dev.sluice.shared.embedded.EmbeddedRedisSettings;
import dev.sluice.shared.embedded.LocalPort;
import dev.sluice.shared.local.Guard;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.PostgresSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole system on free ports of 127.0.0.1: embedded PostgreSQL and Redis, executors (several behind a balancer), and
 * gateways as processes. Closing ends everything in the opposite order. Blocks.
 */
public final class DrillSystem implements AutoCloseable {

    /** Of the first organization. */
    public static final String API_KEY = "sk_" + "k".repeat(43);

    private static final byte[] MASTER_KEY = new byte[32];
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Shape shape;
    private final Map<String, String> variables = new HashMap<>();
    private final Map<String, ServiceProcess> services = new ConcurrentHashMap<>();
    private final Map<String, Ports> ports = new HashMap<>();
    private final Map<String, Path> builds = new ConcurrentHashMap<>();
    private final Map<DatabaseRole, String> passwords = new EnumMap<>(DatabaseRole.class);
    private final String superuserPassword = UUID.randomUUID().toString();
    private @Nullable Guard guard;
    private @Nullable PostgresPair postgres;
    private @Nullable EmbeddedRedisServer redis;
    private @Nullable Balancer balancer;
    private volatile boolean closed;

    /**
     * What the system is made of.
     *
     * @param home      the root of the repository, where the built services are
     * @param folder    for data and logs
     * @param binaries  where the servers' programs are unpacked to
     * @param executors how many of them may run
     * @param gateways  how many of them may run
     * @param lease     of executors: short, so that a takeover is
     * @param standby   whether PostgreSQL has a synchronous standby
     * @param executor  how executors are started
     * @param gateway   how gateways are started
     */
    public record Shape(
            Path home,
            Path folder,
            Path binaries,
            int executors,
            int gateways,
            Duration lease,
            boolean standby,
            ServiceOptions executor,
            ServiceOptions gateway) {}

    private record Ports(int port, int management) {}

    public DrillSystem(Shape shape) {
        this.shape = shape;
        executorNames().forEach(name -> ports.put(name, new Ports(LocalPort.free(), LocalPort.free())));
        gatewayNames().forEach(name -> ports.put(name, new Ports(LocalPort.free(), LocalPort.free())));
    }

    /** Starts the servers; {@code allow} is what workflows may reach ({@code host:port}). */
    public void startServers(String allow) {
        for (DatabaseRole role : DatabaseRole.values()) {
            String password = UUID.randomUUID().toString();
            passwords.put(role, password);
            variables.put("SLUICE_POSTGRES_" + role.name() + "_PASSWORD", password);
        }
        Guard guarding = Guard.start();
        guard = guarding;
        postgres = PostgresPair.start(
                index -> settings(shape.folder().resolve("postgres-" + index)), guarding, shape.standby());
        redis = EmbeddedRedisServer.start(new EmbeddedRedisSettings(
                shape.folder().resolve("redis"),
                shape.binaries(),
                0,
                UUID.randomUUID().toString()));
        guarding.server(redis.pid());
        describe(allow, executors());
    }

    /** One executor is reached without a detour. */
    private URI executors() {
        List<Integer> all = executorNames().stream().map(this::port).toList();
        if (all.size() == 1) {
            return URI.create("http://127.0.0.1:" + all.getFirst());
        }
        balancer = new Balancer(all);
        return balancer.uri();
    }

    private EmbeddedPostgresSettings settings(Path folder) {
        return new EmbeddedPostgresSettings(folder, shape.binaries(), 0, true, superuserPassword, passwords);
    }

    private void describe(String allow, URI executors) {
        String key = Base64.getEncoder().encodeToString(MASTER_KEY);
        variables.put("SLUICE_POSTGRES_URL", postgres().url().toString());
        // Four services with up to three pools each share the server's hundred connections.
        variables.put("SLUICE_POSTGRES_POOLSIZE", "8");
        variables.put("SLUICE_REDIS_URL", redis().url().toString());
        // Redis is killed and never frozen here: one that answers late shares its cores with all others, and is not
        // away.
        variables.put("SLUICE_REDIS_COMMANDTIMEOUT", "10s");
        variables.put("SLUICE_MASTER_KEY", key);
        variables.put("SLUICE_ASSERTION_KEY", key);
        variables.put("SLUICE_EXECUTOR_URL", executors.toString());
        variables.put("SLUICE_PUBLIC_URL", gateway(0).toString());
        variables.put("SLUICE_BOOTSTRAP_API_KEY", API_KEY);
        variables.put("SLUICE_OUTBOUND_ALLOW", allow);
        variables.put("SLUICE_LOG_FORMAT", "text");
        variables.put("SLUICE_EXECUTOR_NODE_LEASE", shape.lease().toMillis() + "ms");
    }

    public List<String> executorNames() {
        return IntStream.range(0, shape.executors())
                .mapToObj(index -> "executor-" + (index + 1))
                .toList();
    }

    public List<String> gatewayNames() {
        return IntStream.range(0, shape.gateways())
                .mapToObj(index -> "gateway-" + (index + 1))
                .toList();
    }

    List<String> serviceNames() {
        return Stream.concat(executorNames().stream(), gatewayNames().stream()).toList();
    }

    /** From its next start on, a service runs from the jars of another version, below that one's root. */
    void build(String name, Path home) {
        builds.put(name, home);
    }

    /** Begins to start a service, in place of its former process; await its readiness. */
    void start(String name) {
        services.put(name, launch(name));
    }

    /** Begins to start a service; await its readiness. */
    public ServiceProcess launch(String name) {
        boolean executor = name.startsWith("executor");
        String prefix = executor ? "SLUICE_EXECUTOR_" : "SLUICE_GATEWAY_";
        Ports own = Objects.requireNonNull(ports.get(name), name);
        Map<String, String> all = new HashMap<>(variables);
        all.put(prefix + "PORT", Integer.toString(own.port()));
        all.put(prefix + "MANAGEMENT_PORT", Integer.toString(own.management()));
        if (executor) {
            all.put("SLUICE_POSTGRES_INGEST_PASSWORD", "");
            all.put("SLUICE_EXECUTOR_NODE_NAME", name);
        } else {
            all.put("SLUICE_POSTGRES_ENGINE_PASSWORD", "");
        }
        ServiceOptions options = executor ? shape.executor() : shape.gateway();
        all.putAll(options.variables());
        ServiceProcess process = ServiceProcess.launch(
                name,
                jar(builds.getOrDefault(name, shape.home()), executor ? "executor" : "gateway"),
                options.jvm(),
                all,
                own.management(),
                shape.folder().resolve(name + ".log"));
        services.put(name, process);
        Objects.requireNonNull(guard).service(process.pid());
        if (closed) {
            process.kill();
        }
        return process;
    }

    /** The process of a service that was launched. */
    public ServiceProcess service(String name) {
        return Objects.requireNonNull(services.get(name), name);
    }

    /** Waits until each service that was launched is ready. */
    void awaitReady() {
        serviceNames().stream()
                .map(services::get)
                .filter(Objects::nonNull)
                .filter(ServiceProcess::isAlive)
                .forEach(ServiceProcess::awaitReady);
    }

    /** Looks into the database; close it before this. */
    Ledger ledger() {
        return new Ledger(
                new PostgresSettings(postgres().url(), passwords, 2, PATIENCE, PATIENCE.multipliedBy(12)), MASTER_KEY);
    }

    PostgresPair postgres() {
        return Objects.requireNonNull(postgres, "startServers() comes first");
    }

    /** The PostgreSQL that is the primary. */
    public EmbeddedPostgresServer primary() {
        return postgres().primary();
    }

    public EmbeddedRedisServer redis() {
        return Objects.requireNonNull(redis, "startServers() comes first");
    }

    /** Starts Redis again, unless the system was closed first: nothing is left running. */
    synchronized void restartRedis() {
        if (closed) {
            throw new DrillFailure("The drill was stopped.");
        }
        redis().restart();
        Objects.requireNonNull(guard).server(redis().pid());
    }

    Balancer balancer() {
        return Objects.requireNonNull(balancer, "there are several executors, and startServers() comes first");
    }

    int port(String name) {
        return Objects.requireNonNull(ports.get(name), name).port();
    }

    /** Who may look everywhere in the database of the primary. */
    public Superuser superuser() {
        return postgres().superuser();
    }

    public URI gateway(int index) {
        return URI.create("http://127.0.0.1:" + port(gatewayNames().get(index)));
    }

    /** The folder with the servers' data and all logs. */
    Path folder() {
        return shape.folder();
    }

    Duration lease() {
        return shape.lease();
    }

    /** SIGTERM to the services, then the servers stop. The second call does nothing. */
    @Override
    public void close() {
        closed = true;
        services.values().parallelStream().filter(ServiceProcess::isAlive).forEach(ServiceProcess::close);
        closeServers();
    }

    /** SIGKILL to the services, for a drill that is broken off or has come to its end. */
    public void end() {
        closed = true;
        services.values().forEach(ServiceProcess::kill);
        closeServers();
    }

    private synchronized void closeServers() {
        if (balancer != null) {
            balancer.close();
            balancer = null;
        }
        if (redis != null) {
            redis.close();
            redis = null;
        }
        if (postgres != null) {
            postgres.close();
            postgres = null;
        }
        if (guard != null) {
            guard.close();
            guard = null;
        }
    }

    private static Path jar(Path home, String service) {
        Path target = home.resolve(service).resolve("target");
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches(service + "-[0-9].*(?<!-tests)\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new DrillFailure("There is no jar in " + target + ": build it first."));
        } catch (IOException e) {
            throw new DrillFailure("There is no jar in " + target + ": build it first.", e);
        }
    }
}

package dev.sluice.shared.postgres;

import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.pressure.PressureSource;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.MultiHostConnectionStrategy;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.pool.PooledRefMetadata;

/**
 * The connections of one process: one bounded pool per login, made when it is first asked for. Thread-safe. A pool needs
 * no server to be made; who asks it for a connection while the server is away gets an error within the acquire timeout.
 */
public final class Postgres implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Postgres.class);

    /** Callers that wait for a connection of one pool, per connection; one more gets an error at once. */
    private static final int PENDING_PER_CONNECTION = 64;

    private static final Duration VALIDATION_TIMEOUT = Duration.ofSeconds(2);
    /** For so long a server that was no primary, or away, is asked last. */
    private static final Duration HOST_RECHECK = Duration.ofSeconds(1);

    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration LIFE = Duration.ofMinutes(30);

    private final PostgresSettings settings;
    private final Map<DatabaseRole, ConnectionPool> pools = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Connects to nothing yet. */
    public Postgres(PostgresSettings settings) {
        this.settings = settings;
        // Reads the native library here; the first connection may be asked for by a thread that must not block.
        LOG.debug("Native transport: {}", LoopResources.hasNativeSupport());
    }

    /** The pool of a login, always the same one. Call it while wiring, not per request: making a pool takes a lock. */
    public ConnectionPool pool(DatabaseRole role) {
        lock.lock();
        try {
            return pools.computeIfAbsent(role, this::create);
        } finally {
            lock.unlock();
        }
    }

    /** The connections of each pool that was asked for, and who waits for one. */
    public PressureSource pressure() {
        return PressureSource.ofNode(() -> pools.entrySet().stream()
                .flatMap(entry -> entry.getValue().getMetrics().stream()
                        .map(metrics -> new Bound(
                                "database." + entry.getKey().login(),
                                (long) settings.poolSize(),
                                metrics.acquiredSize(),
                                (long) metrics.pendingAcquireSize())))
                .toList());
    }

    /** Closes all pools; connections in use are closed when they come back. */
    @Override
    public void close() {
        lock.lock();
        try {
            pools.values().forEach(ConnectionPool::dispose);
        } finally {
            lock.unlock();
        }
    }

    private ConnectionPool create(DatabaseRole role) {
        return new ConnectionPool(ConnectionPoolConfiguration.builder(new PostgresqlConnectionFactory(connection(role)))
                .name(role.login())
                .initialSize(0)
                .maxSize(settings.poolSize())
                .maxAcquireTime(settings.acquireTimeout())
                .maxCreateConnectionTime(settings.acquireTimeout())
                .maxValidationTime(VALIDATION_TIMEOUT)
                .validationDepth(ValidationDepth.LOCAL)
                .acquireRetry(1)
                .maxIdleTime(IDLE)
                .maxLifeTime(LIFE)
                .customizer(pool -> pool.maxPendingAcquire(settings.poolSize() * PENDING_PER_CONNECTION)
                        .evictionPredicate(Postgres::useless))
                .build());
    }

    /**
     * Asked of an idle connection before somebody gets it: a useless one makes way for the next. After a restart of the
     * server all that are idle are dead, and validation by itself would cost as many callers an error.
     */
    private static boolean useless(Connection connection, PooledRefMetadata times) {
        return times.idleTime() >= IDLE.toMillis() || times.lifeTime() >= LIFE.toMillis() || !alive(connection);
    }

    /** As far as the driver knows, which it says at once. */
    private static boolean alive(Connection connection) {
        AtomicBoolean connected = new AtomicBoolean();
        Disposable asked = Mono.from(connection.validate(ValidationDepth.LOCAL)).subscribe(connected::set);
        asked.dispose();
        return connected.get();
    }

    private PostgresqlConnectionConfiguration connection(DatabaseRole role) {
        PostgresAddress address = settings.address();
        return servers(address)
                .database(address.database())
                .username(role.login())
                .password(settings.password(role))
                .applicationName("sluice")
                .connectTimeout(settings.acquireTimeout())
                .statementTimeout(settings.statementTimeout())
                .options(SessionSettings.of(role))
                .tcpKeepAlive(true)
                .tcpNoDelay(true)
                .timeZone(TimeZone.getTimeZone("UTC"))
                .build();
    }

    /** With several servers each new connection goes to the one that is the primary then; the others are asked in turn. */
    private static PostgresqlConnectionConfiguration.Builder servers(PostgresAddress address) {
        PostgresqlConnectionConfiguration.Builder builder = PostgresqlConnectionConfiguration.builder();
        if (!address.hasStandby()) {
            PostgresAddress.Server only = address.servers().getFirst();
            return builder.host(only.host()).port(only.port());
        }
        for (PostgresAddress.Server server : address.servers()) {
            builder.addHost(server.host(), server.port());
        }
        return builder.targetServerType(MultiHostConnectionStrategy.TargetServerType.PRIMARY)
                .hostRecheckTime(HOST_RECHECK);
    }
}

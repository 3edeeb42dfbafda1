package dev.sluice.shared.embedded;

import dev.sluice.shared.postgres.DatabaseRole;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A running PostgreSQL on 127.0.0.1 with Sluice's logins and a database {@code sluice}. All methods block. It runs
 * outside the terminal's process group, so Ctrl-C reaches its owner alone, which stops it after the services; one that
 * outlived its owner's {@code kill -9} is stopped and replaced by the next start on its folder.
 */
public final class EmbeddedPostgresServer implements AutoCloseable {

    /** The database that start creates. */
    public static final String DATABASE = "sluice";

    private final FolderLock lock;
    private final PostgresCluster cluster;
    private final RolesScript roles;
    private final Map<DatabaseRole, String> passwords;
    private final int port;

    private EmbeddedPostgresServer(
            FolderLock lock, PostgresCluster cluster, RolesScript roles, EmbeddedPostgresSettings settings, int port) {
        this.lock = lock;
        this.cluster = cluster;
        this.roles = roles;
        this.passwords = settings.passwords();
        this.port = port;
    }

    /**
     * Starts the server, and makes its data folder first where there is none.
     *
     * @throws EmbeddedServerException when the folder is broken or in use, or the port is taken; one sentence says which
     */
    public static EmbeddedPostgresServer start(EmbeddedPostgresSettings settings) {
        return start(settings, true);
    }

    /**
     * Starts a server on a folder that holds a copy of another server's data, as a standby when the copy says so. Logins,
     * databases and the superuser's password are the other's; of the settings only folder, binaries, port and durability
     * count.
     *
     * @throws EmbeddedServerException as {@link #start}
     */
    public static EmbeddedPostgresServer startCopy(EmbeddedPostgresSettings settings) {
        return start(settings, false);
    }

    private static EmbeddedPostgresServer start(EmbeddedPostgresSettings settings, boolean withLogins) {
        Path folder = settings.folder().toAbsolutePath();
        FolderLock lock = FolderLock.acquire(folder);
        try {
            return start(settings, lock, folder, withLogins);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static EmbeddedPostgresServer start(
            EmbeddedPostgresSettings settings, FolderLock lock, Path folder, boolean withLogins) {
        PostgresBinaries binaries = PostgresBinaries.unpack(settings.binaries());
        PostgresCluster cluster = new PostgresCluster(binaries, OrdinaryUser.detect(), folder);
        cluster.stopLeftOver();
        int port = LocalPort.choose("PostgreSQL", settings.port());
        cluster.createIfAbsent(settings.superuserPassword());
        cluster.configure(port, settings.durable());
        cluster.start(port);
        try {
            RolesScript roles =
                    new RolesScript("127.0.0.1", port, PostgresCluster.SUPERUSER, settings.superuserPassword());
            EmbeddedPostgresServer server = new EmbeddedPostgresServer(lock, cluster, roles, settings, port);
            if (withLogins) {
                server.createDatabase(DATABASE);
            }
            return server;
        } catch (RuntimeException e) {
            cluster.stop();
            throw e;
        }
    }

    /** Makes a database with the same logins and rights as {@value #DATABASE}; nothing changes when it is there. */
    public void createDatabase(String name) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("database", name);
        passwords.forEach(
                (role, password) -> variables.put(role.name().toLowerCase(Locale.ROOT) + "_password", password));
        try {
            roles.run(variables);
        } catch (SQLException e) {
            throw "28P01".equals(e.getSQLState())
                    ? new EmbeddedServerException("The data folder was made with another superuser password.", e)
                    : new EmbeddedServerException("The logins and the database %s cannot be made.".formatted(name), e);
        }
    }

    /** {@code postgresql://127.0.0.1:port/database}, without credentials. */
    public URI url(String database) {
        return URI.create("postgresql://127.0.0.1:%d/%s".formatted(port, database));
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** The process id of the postmaster. */
    public long pid() {
        return cluster.pid().orElseThrow(() -> new IllegalStateException("The server does not run"));
    }

    /** Leaves the server running as a killed owner does; for tests. */
    void abandon() {
        lock.close();
    }

    /** Stops the server (fast: open transactions are rolled back); the second call does nothing. */
    @Override
    public void close() {
        cluster.stop();
        lock.close();
    }

    /** Stops the server, without writing what is to be removed, and removes everything in its folder. */
    public void closeAndDelete() {
        cluster.stopImmediately();
        lock.close();
        try {
            Folders.delete(cluster.folder());
        } catch (IOException e) {
            throw new EmbeddedServerException("The data folder %s cannot be removed.".formatted(cluster.folder()), e);
        }
    }

    /** Stops the server as a crash would (no checkpoint); for outage drills. */
    public void crash() {
        cluster.stopImmediately();
    }

    /** Ends all processes of the server by SIGKILL and waits until they are gone; for outage drills. */
    public void kill() {
        cluster.kill();
    }

    /** Where the data is, without the log. */
    public Path data() {
        return cluster.data();
    }

    /** Starts the server again after {@link #crash} or {@link #kill}. */
    public void restart() {
        cluster.start(port);
    }

    /** Whether the data folder holds a database already. */
    public static boolean exists(Path folder) {
        return Files.exists(folder.resolve(PostgresCluster.DATA).resolve("PG_VERSION"));
    }
}

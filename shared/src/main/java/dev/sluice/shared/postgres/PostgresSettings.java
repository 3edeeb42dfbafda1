package dev.sluice.shared.postgres;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Where PostgreSQL is and how much of it one process may use.
 *
 * @param url              {@code postgresql://host:port/database}, without credentials
 * @param passwords        of the logins this process uses
 * @param poolSize         connections per login
 * @param acquireTimeout   how long a caller waits for a connection, also for making one
 * @param statementTimeout after which the server cancels a statement
 */
public record PostgresSettings(
        URI url,
        Map<DatabaseRole, String> passwords,
        int poolSize,
        Duration acquireTimeout,
        Duration statementTimeout) {

    private static final int DEFAULT_PORT = 5432;

    public PostgresSettings {
        passwords = Map.copyOf(passwords);
        if (!"postgresql".equals(url.getScheme())
                || url.getHost() == null
                || url.getUserInfo() != null
                || url.getPath().length() < 2) {
            throw new IllegalArgumentException(
                    "url: not usable (expected: postgresql://host:port/database, without credentials)");
        }
        if (poolSize < 1) {
            throw new IllegalArgumentException("poolSize: " + poolSize + " (expected: > 0)");
        }
        requirePositive("acquireTimeout", acquireTimeout);
        requirePositive("statementTimeout", statementTimeout);
    }

    /** The host of the server. */
    public String host() {
        return url.getHost();
    }

    /** The port of the server. */
    public int port() {
        return url.getPort() < 0 ? DEFAULT_PORT : url.getPort();
    }

    /** The name of the database. */
    public String database() {
        return url.getPath().substring(1);
    }

    /** The password of a login; an exception when this process was not given one. */
    public String password(DatabaseRole role) {
        String password = passwords.get(role);
        if (password == null) {
            throw new IllegalStateException("There is no password for " + role.login());
        }
        return password;
    }

    /** Without the passwords. */
    @Override
    public String toString() {
        return "PostgresSettings[url=%s, roles=%s, poolSize=%d, acquireTimeout=%s, statementTimeout=%s]"
                .formatted(url, passwords.keySet(), poolSize, acquireTimeout, statementTimeout);
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
        }
    }
}

package dev.sluice.shared.postgres;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Where PostgreSQL is and how much of it one process may use.
 *
 * @param url              {@value PostgresAddress#FORM}, without credentials
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

    public PostgresSettings {
        passwords = Map.copyOf(passwords);
        if (PostgresAddress.parse(url).isEmpty()) {
            throw new IllegalArgumentException(
                    "url: not usable (expected: " + PostgresAddress.FORM + ", without credentials)");
        }
        if (poolSize < 1) {
            throw new IllegalArgumentException("poolSize: " + poolSize + " (expected: > 0)");
        }
        requirePositive("acquireTimeout", acquireTimeout);
        requirePositive("statementTimeout", statementTimeout);
    }

    /** The servers and the database of the URL. */
    public PostgresAddress address() {
        return PostgresAddress.parse(url).orElseThrow();
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

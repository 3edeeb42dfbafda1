package dev.sluice.shared.postgres;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/** Tries whether a login works, for a person who wants to know why it does not. Blocks: not for services. */
public final class LoginTrial {

    private LoginTrial() {}

    /**
     * Why a login was refused.
     *
     * @param sqlState of PostgreSQL, or 08… when it could not be reached
     * @param message  the server's or the driver's
     */
    public record Refusal(String sqlState, String message) {}

    /**
     * Connects once; empty when that works.
     *
     * @param address of several servers the primary is tried
     * @param limit   for connecting, and for each answer
     */
    public static Optional<Refusal> refusal(
            PostgresAddress address, DatabaseRole role, String password, Duration limit) {
        Properties properties = new Properties();
        properties.setProperty("user", role.login());
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", Long.toString(limit.toSeconds()));
        properties.setProperty("socketTimeout", Long.toString(limit.toSeconds()));
        properties.setProperty("targetServerType", "primary");
        try {
            DriverManager.getConnection(address.jdbc(), properties).close();
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(new Refusal(
                    Objects.requireNonNullElse(e.getSQLState(), ""), Objects.requireNonNullElse(e.getMessage(), "")));
        }
    }
}

package dev.sluice.shared.postgres;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks a database from outside, on connections of its own. All methods block. */
final class Sql {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Sql() {}

    /** Runs statements, each its own transaction. */
    static void execute(PostgresSettings database, DatabaseRole role, String... statements) {
        execute(database, role.login(), database.password(role), statements);
    }

    /** As a login of that name and password. */
    static void execute(PostgresSettings database, String login, String password, String... statements) {
        try (Connection connection = connect(database, login, password);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The first column of all rows. */
    static List<String> column(PostgresSettings database, DatabaseRole role, String sql) {
        try (Connection connection = connect(database, role.login(), database.password(role));
                Statement statement = connection.createStatement()) {
            return column(statement, sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The first column of the only row. */
    static String one(PostgresSettings database, DatabaseRole role, String sql) {
        List<String> rows = column(database, role, sql);
        if (rows.size() != 1) {
            throw new AssertionError(sql + " has " + rows.size() + " rows");
        }
        return rows.getFirst();
    }

    /** Asks again and again until there is a row, and gives its first column. */
    @CanIgnoreReturnValue
    static String await(PostgresSettings database, DatabaseRole role, String sql) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Connection connection = connect(database, role.login(), database.password(role));
                Statement statement = connection.createStatement()) {
            for (List<String> rows = column(statement, sql); ; rows = column(statement, sql)) {
                if (!rows.isEmpty()) {
                    return rows.getFirst();
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("There is never a row of " + sql);
                }
                statement.execute("select pg_sleep(0.02)");
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> column(Statement statement, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    private static Connection connect(PostgresSettings database, String login, String password) throws SQLException {
        return DriverManager.getConnection(database.address().jdbc(), login, password);
    }
}

package dev.sluice.gateway;

import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.PostgresSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Asks a database as its owner. All methods block. */
record Sql(PostgresSettings database) {

    /** Tables of the gateway with an organization_id, without the partitions of others. */
    static final String TENANT_TABLES = """
            select n.nspname || '.' || c.relname from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
            where c.relkind in ('r', 'p') and not c.relispartition and n.nspname <> 'workflow'
            order by 1""";

    void run(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The first column of all rows. */
    List<String> column(String sql) {
        List<String> values = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return values;
    }

    long count(String table, String condition) {
        return Long.parseLong(column("select count(*)::text from " + table + " where " + condition)
                .getFirst());
    }

    /** What is done while a transaction goes on that has run a statement, and then is as if it had not been. */
    <T> T holding(String sql, Supplier<T> work) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            return work.get();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until so many statements wait for locks. */
    void awaitWaiting(int statements) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (count("pg_locks", "not granted") < statements) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("fewer than " + statements + " statements wait");
            }
            Thread.onSpinWait();
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:" + database.url(), DatabaseRole.MIGRATE.login(), database.password(DatabaseRole.MIGRATE));
    }
}

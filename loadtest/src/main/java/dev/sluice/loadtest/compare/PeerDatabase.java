package dev.sluice.loadtest.compare;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * What the PostgreSQL behind a peer says of itself. Commits and syncs are the server's own counters; statements are
 * counted in its log, which is told to name each for the moment it is read. Blocks; one thread.
 */
final class PeerDatabase implements AutoCloseable {

    /** Syncs of the write-ahead log are what a commit waits for; several commits may share one. */
    private static final String COUNTERS = """
            select (select sum(xact_commit) from pg_stat_database),
                (select sum(fsyncs) from pg_stat_io where object = 'wal'),
                (select wal_bytes from pg_stat_wal)
            """;

    private static final Pattern STATEMENT = Pattern.compile("LOG:  (execute|statement)");

    private final ProcessTree processes;
    private final Path log;
    private final Connection connection;

    private PeerDatabase(ProcessTree processes, Path log, Connection connection) {
        this.processes = processes;
        this.log = log;
        this.connection = connection;
    }

    /**
     * Counters since the server started. Servers report up to a second late, so a difference is right to within the work
     * of a second.
     */
    record Counters(long commits, long syncs, long walBytes) {

        Counters since(Counters before) {
            return new Counters(commits - before.commits, syncs - before.syncs, walBytes - before.walBytes);
        }
    }

    /**
     * Connects as superuser.
     *
     * @param postmaster process id of the server
     * @param log        the file it logs to
     */
    static PeerDatabase connect(int port, String password, long postmaster, Path log) {
        Properties login = new Properties();
        login.setProperty("user", "postgres");
        login.setProperty("password", password);
        try {
            Connection connection =
                    DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", login);
            return new PeerDatabase(ProcessTree.of(postmaster), log, connection);
        } catch (SQLException e) {
            throw new CompareFailure("The peer's database cannot be asked: " + e.getMessage() + ".", e);
        }
    }

    ProcessTree processes() {
        return processes;
    }

    Counters counters() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COUNTERS)) {
            row.next();
            return new Counters(row.getLong(1), row.getLong(2), row.getLong(3));
        } catch (SQLException e) {
            throw new CompareFailure("The peer's database does not count: " + e.getMessage() + ".", e);
        }
    }

    /** Bytes on disk of all databases, indexes and free space in their files included. */
    long bytes() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select sum(pg_database_size(oid)) from pg_database")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new CompareFailure("The peer's database does not say its size: " + e.getMessage() + ".", e);
        }
    }

    /** Statements that the server was sent during the work. */
    long statements(Runnable work) {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            logStatements("all");
            file.seek(file.length());
            work.run();
            logStatements("none");
            long count = 0;
            for (String line = file.readLine(); line != null; line = file.readLine()) {
                count += STATEMENT.matcher(line).find() ? 1 : 0;
            }
            return count;
        } catch (IOException e) {
            throw new CompareFailure("The log of the peer's database cannot be read: " + e.getMessage() + ".", e);
        }
    }

    @SuppressWarnings("SqlSourceToSinkFlow") // one of two words of our own
    private void logStatements(String which) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("alter system set log_statement = '" + which + "'");
            statement.execute("select pg_reload_conf()");
            // Servers read the file a moment later.
            statement.execute("select pg_sleep(0.3)");
        } catch (SQLException e) {
            throw new CompareFailure("The log of the peer's database cannot be set: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new CompareFailure("The connection to the peer's database cannot be closed.", e);
        }
    }
}

package dev.sluice.shared.embedded;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.testing.TestFolders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedPostgresServerIT {

    private static final Map<DatabaseRole, String> PASSWORDS = Arrays.stream(DatabaseRole.values())
            .collect(Collectors.toUnmodifiableMap(Function.identity(), EmbeddedPostgresServerIT::password));

    @TempDir
    private Path folder;

    @Test
    void keepsDataBetweenStartsAndNeedsPasswords() throws SQLException {
        try (var server = EmbeddedPostgresServer.start(settings(0))) {
            execute(server, DatabaseRole.MIGRATE, "create schema s");
            execute(server, DatabaseRole.MIGRATE, "create table s.t as select 42 as answer");
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> connect(server, DatabaseRole.API, "wrong").close())
                    .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
        }
        try (var server = EmbeddedPostgresServer.start(settings(0))) {
            assertThat(query(server, DatabaseRole.MIGRATE, "select answer from s.t"))
                    .isEqualTo("42");
            assertThat(query(server, DatabaseRole.MIGRATE, "show fsync")).isEqualTo("on");
            assertThat(query(server, DatabaseRole.API, "show listen_addresses")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void givesNoLoginMoreThanItNeeds() throws SQLException {
        try (var server = EmbeddedPostgresServer.start(settings(0))) {
            assertThat(
                            query(
                                    server,
                                    DatabaseRole.API,
                                    "select count(*) from pg_roles where rolname like 'sluice_%' and rolcanlogin and not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)"))
                    .isEqualTo("4");
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> execute(server, DatabaseRole.API, "create table public.t (a int)"));
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> execute(server, DatabaseRole.API, "create schema s"));
        }
    }

    @Test
    void takesOverAServerWhoseOwnerWasKilled() throws SQLException {
        long left;
        try (var server = EmbeddedPostgresServer.start(settings(0))) {
            left = server.pid();
            // What a killed owner leaves behind: the server runs, nobody holds the lock.
            server.abandon();
            try (var next = EmbeddedPostgresServer.start(settings(0))) {
                assertThat(next.pid()).isNotEqualTo(left);
                assertThat(query(next, DatabaseRole.API, "select 1")).isEqualTo("1");
                // Who adopted the orphan may take a moment to collect it.
                assertThat(ProcessHandle.of(left).map(ProcessHandle::onExit).orElseGet(() -> completedFuture(null)))
                        .succeedsWithin(Duration.ofSeconds(10));
            }
        }
    }

    @Test
    void recoversAfterACrash() throws SQLException {
        try (var server = EmbeddedPostgresServer.start(settings(0))) {
            execute(server, DatabaseRole.MIGRATE, "create schema s");
            server.crash();
            server.restart();
            assertThat(query(server, DatabaseRole.MIGRATE, "select count(*) from pg_namespace where nspname = 's'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void recoversAfterAKillOfAllItsProcesses() throws SQLException {
        try (var server = EmbeddedPostgresServer.start(settings(0))) {
            execute(server, DatabaseRole.MIGRATE, "create schema s");
            long killed = server.pid();
            server.kill();
            assertThat(ProcessHandle.of(killed)).isEmpty();
            server.restart();
            assertThat(query(server, DatabaseRole.MIGRATE, "select count(*) from pg_namespace where nspname = 's'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void namesAPortInUse() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() -> start(taken.getLocalPort()))
                    .withMessage(
                            "Port %d, which PostgreSQL needs on 127.0.0.1, is in use by another program.",
                            taken.getLocalPort());
        }
    }

    @Test
    void namesAFolderInUseAndABrokenFolder() throws IOException {
        try (var server = EmbeddedPostgresServer.start(settings(0))) {
            assertThat(server.port()).isPositive();
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() -> start(0))
                    .withMessageContaining("in use by another running Sluice");
        }
        Files.delete(folder.resolve("data/global/pg_control"));
        assertThatExceptionOfType(EmbeddedServerException.class)
                .isThrownBy(() -> start(0))
                .withMessageContaining("is broken")
                .withMessageContaining("pg_control");
    }

    @Test
    void namesAnotherSuperuserPassword() {
        start(0);
        assertThatExceptionOfType(EmbeddedServerException.class)
                .isThrownBy(() -> EmbeddedPostgresServer.start(new EmbeddedPostgresSettings(
                                folder, TestFolders.binaries(), 0, true, "other", PASSWORDS))
                        .close())
                .withMessage("The data folder was made with another superuser password.");
    }

    private static String password(DatabaseRole role) {
        return "it's \"" + role + "\"";
    }

    private void start(int port) {
        EmbeddedPostgresServer.start(settings(port)).close();
    }

    private EmbeddedPostgresSettings settings(int port) {
        return new EmbeddedPostgresSettings(folder, TestFolders.binaries(), port, true, "super", PASSWORDS);
    }

    private static void execute(EmbeddedPostgresServer server, DatabaseRole role, String sql) throws SQLException {
        try (Connection connection = connect(server, role, password(role));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgresServer server, DatabaseRole role, String sql) throws SQLException {
        try (Connection connection = connect(server, role, password(role));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgresServer server, DatabaseRole role, String password)
            throws SQLException {
        return DriverManager.getConnection("jdbc:" + server.url("sluice"), role.login(), password);
    }
}

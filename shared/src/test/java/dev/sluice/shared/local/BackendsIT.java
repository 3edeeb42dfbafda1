package dev.sluice.shared.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.shared.embedded.EmbeddedPostgresServer;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.testing.TestPostgres;
import dev.sluice.shared.testing.TestRedis;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackendsIT {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Progress progress = new Progress(new PrintStream(out, true, StandardCharsets.UTF_8));

    @BeforeEach
    void letPostgresReachItsPart() throws IOException {
        // A temporary folder is its owner's alone, and PostgreSQL does not run as root.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void startsBothServersAndLeavesNeitherBehind() throws IOException {
        URI postgres;
        URI redis;
        try (Backends backends =
                Backends.start(folder, Secrets.in(folder.resolve("secrets")), Map.of(), progress, new Shutdown())) {
            postgres = URI.create(backends.variables().getOrDefault("SLUICE_POSTGRES_URL", ""));
            redis = URI.create(backends.variables().getOrDefault("SLUICE_REDIS_URL", ""));
            assertThat(postgres).hasPath("/" + EmbeddedPostgresServer.DATABASE);
            assertThat(answers(postgres)).isTrue();
            assertThat(answers(redis)).isTrue();
        }

        assertThat(answers(postgres)).isFalse();
        assertThat(answers(redis)).isFalse();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("PostgreSQL  port", "Redis       port");
    }

    @Test
    void asksForThePasswordsOfAServerThatIsNotItsOwn() {
        Map<String, String> environment = Map.of("SLUICE_POSTGRES_URL", "postgresql://db:5432/sluice");

        assertThatExceptionOfType(LocalFailure.class)
                .isThrownBy(() -> Backends.start(folder, Secrets.in(folder), environment, progress, new Shutdown()))
                .withMessageContaining("SLUICE_POSTGRES_MIGRATE_PASSWORD, SLUICE_POSTGRES_API_PASSWORD");
    }

    @Test
    void triesServersThatAreNotItsOwnBeforeAnythingStarts() {
        var database = TestPostgres.settings();
        Map<String, String> environment = new HashMap<>(Map.of(
                "SLUICE_POSTGRES_URL",
                database.url().toString(),
                "SLUICE_REDIS_URL",
                TestRedis.url().toString()));
        for (DatabaseRole role : DatabaseRole.values()) {
            environment.put(Backends.variable(role), database.password(role));
        }

        try (Backends backends = start(environment)) {
            assertThat(backends.pids()).isEmpty();
        }
        assertThat(sentence(environment, "SLUICE_POSTGRES_INGEST_PASSWORD", "wrong"))
                .contains("refuses the login sluice_ingest: SLUICE_POSTGRES_INGEST_PASSWORD is wrong");
        assertThat(sentence(environment, "SLUICE_POSTGRES_URL", "postgresql://127.0.0.1:1/sluice"))
                .isEqualTo("PostgreSQL at postgresql://127.0.0.1:1/sluice (SLUICE_POSTGRES_URL) cannot be reached.");
        assertThat(sentence(
                        environment,
                        "SLUICE_POSTGRES_URL",
                        database.url().resolve("/other").toString()))
                .contains("has no such database: run roles.sql there");
        assertThat(sentence(environment, "SLUICE_POSTGRES_URL", "mysql://127.0.0.1/x"))
                .isEqualTo(
                        "SLUICE_POSTGRES_URL is not a URL of the form postgresql://host:port[,host:port…]/database.");
        assertThat(sentence(
                        environment,
                        "SLUICE_REDIS_URL",
                        "redis://:wrong@127.0.0.1:" + TestRedis.url().getPort()))
                .contains("(SLUICE_REDIS_URL) refuses the password of the URL, or wants one.")
                .doesNotContain(":wrong@");
        assertThat(sentence(environment, "SLUICE_REDIS_URL", "redis://127.0.0.1:1"))
                .isEqualTo("Redis at redis://127.0.0.1:1 (SLUICE_REDIS_URL) cannot be reached.");
    }

    private String sentence(Map<String, String> environment, String name, String value) {
        Map<String, String> changed = new HashMap<>(environment);
        changed.put(name, value);
        LocalFailure failure =
                catchThrowableOfType(LocalFailure.class, () -> start(changed).close());
        return failure.sentence();
    }

    private Backends start(Map<String, String> environment) {
        return Backends.start(folder, Secrets.in(folder.resolve("secrets")), environment, progress, new Shutdown());
    }

    private static boolean answers(URI server) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}

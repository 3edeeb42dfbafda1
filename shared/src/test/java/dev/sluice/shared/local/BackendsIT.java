package dev.sluice.shared.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.shared.embedded.EmbeddedPostgresServer;
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

    private static boolean answers(URI server) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}

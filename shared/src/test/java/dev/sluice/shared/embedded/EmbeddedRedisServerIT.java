package dev.sluice.shared.embedded;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.shared.testing.TestFolders;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedRedisServerIT {

    @TempDir
    private Path folder;

    @Test
    void keepsDataBetweenStartsAndNeedsThePassword() {
        try (var server = EmbeddedRedisServer.start(settings(0))) {
            assertThat(command(server.url().toString(), "set")).isEqualTo("OK");
            assertThatExceptionOfType(RuntimeException.class)
                    .isThrownBy(() -> command("redis://127.0.0.1:" + server.port(), "get"));
        }
        try (var server = EmbeddedRedisServer.start(settings(0))) {
            assertThat(command(server.url().toString(), "get")).isEqualTo("value");
        }
    }

    @Test
    void takesOverAServerWhoseOwnerWasKilled() {
        try (var server = EmbeddedRedisServer.start(settings(0))) {
            long left = server.pid();
            server.abandon();
            try (var next = EmbeddedRedisServer.start(settings(0))) {
                assertThat(next.pid()).isNotEqualTo(left);
                assertThat(ProcessHandle.of(left).map(ProcessHandle::onExit).orElseGet(() -> completedFuture(null)))
                        .succeedsWithin(Duration.ofSeconds(10));
            }
        }
    }

    @Test
    void comesBackOnItsPortAfterACrash() {
        try (var server = EmbeddedRedisServer.start(settings(0))) {
            int port = server.port();
            server.crash();
            server.restart();
            assertThat(server.port()).isEqualTo(port);
            assertThat(command(server.url().toString(), "set")).isEqualTo("OK");
        }
    }

    @Test
    void namesAPortInUse() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() -> EmbeddedRedisServer.start(settings(taken.getLocalPort()))
                            .close())
                    .withMessage(
                            "Port %d, which Redis needs on 127.0.0.1, is in use by another program.",
                            taken.getLocalPort());
        }
    }

    @Test
    void namesABrokenFolder() throws IOException {
        EmbeddedRedisServer.start(settings(0)).close();
        Path log = folder.resolve("appendonlydir/appendonly.aof.1.incr.aof");
        Files.writeString(log, "this is not an append-only file\r\n");
        assertThatExceptionOfType(EmbeddedServerException.class)
                .isThrownBy(() -> EmbeddedRedisServer.start(settings(0)).close())
                .withMessageContaining("is broken");
    }

    private EmbeddedRedisSettings settings(int port) {
        return new EmbeddedRedisSettings(folder, TestFolders.binaries(), port, "secret-password");
    }

    private static String command(String url, String command) {
        RedisClient client = RedisClient.create(url);
        try (var connection = client.connect()) {
            return command.equals("set")
                    ? connection.sync().set("key", "value")
                    : connection.sync().get("key");
        } finally {
            client.shutdown();
        }
    }
}

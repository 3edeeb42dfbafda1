package dev.sluice.shared.testing;

import dev.sluice.shared.embedded.EmbeddedPostgresServer;
import dev.sluice.shared.embedded.EmbeddedPostgresSettings;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.PostgresSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.netty.resources.LoopResources;

/**
 * One real PostgreSQL per JVM, started by the first test that asks and stopped when the JVM ends. Commits do not wait for
 * the disk. All methods block: call them from the test's own thread.
 */
public final class TestPostgres {

    private static final int POOL_SIZE = 8;
    private static final Map<DatabaseRole, String> PASSWORDS = Arrays.stream(DatabaseRole.values())
            .collect(Collectors.toUnmodifiableMap(Function.identity(), role -> "test-" + UUID.randomUUID()));

    private TestPostgres() {}

    /** The database {@code sluice}, shared by everything in this JVM. */
    public static PostgresSettings settings() {
        return settings(EmbeddedPostgresServer.DATABASE);
    }

    /** A new empty database with the four logins and their rights. */
    public static PostgresSettings freshDatabase() {
        String name = "test_" + UUID.randomUUID().toString().replace('-', '_');
        server().createDatabase(name);
        return settings(name);
    }

    /** The server itself, for drills that crash and restart it. */
    public static EmbeddedPostgresServer server() {
        return Running.SERVER;
    }

    private static PostgresSettings settings(String database) {
        return new PostgresSettings(
                server().url(database), PASSWORDS, POOL_SIZE, Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    private static final class Running {

        static final EmbeddedPostgresServer SERVER = start();

        private static EmbeddedPostgresServer start() {
            // The driver's native transport is loaded here: on its own threads BlockHound would see the file being
            // read.
            LoopResources.hasNativeSupport();
            try {
                Path folder = Files.createTempDirectory("sluice-test-postgres");
                EmbeddedPostgresServer server = EmbeddedPostgresServer.start(new EmbeddedPostgresSettings(
                        folder, TestFolders.binaries(), 0, false, "test-superuser", PASSWORDS));
                Runtime.getRuntime().addShutdownHook(new Thread(server::closeAndDelete, "test-postgres-stop"));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

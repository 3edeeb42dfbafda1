package dev.sluice.shared.testing;

import dev.sluice.shared.embedded.EmbeddedRedisServer;
import dev.sluice.shared.embedded.EmbeddedRedisSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One real Redis per JVM, started by the first test that asks and stopped when the JVM ends. All methods block: call them
 * from the test's own thread.
 */
public final class TestRedis {

    private static final String PASSWORD = "test-password";
    private static final int TIMEOUT_MILLIS = 10_000;

    private TestRedis() {}

    /** {@code redis://:password@127.0.0.1:port}. */
    public static URI url() {
        return server().url();
    }

    /** Removes everything, functions and groups included, as a loss of all data would. */
    public static void flush() {
        String commands = "AUTH %s\r\nFLUSHALL\r\nFUNCTION FLUSH\r\nSCRIPT FLUSH\r\nQUIT\r\n".formatted(PASSWORD);
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server().port())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(commands.getBytes(StandardCharsets.UTF_8));
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.equals("+OK\r\n".repeat(5))) {
                throw new IllegalStateException("Redis could not be emptied: " + answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server itself, for drills that crash and restart it. */
    public static EmbeddedRedisServer server() {
        return Running.SERVER;
    }

    private static final class Running {

        static final EmbeddedRedisServer SERVER = start();

        private static EmbeddedRedisServer start() {
            try {
                Path folder = Files.createTempDirectory("sluice-test-redis");
                EmbeddedRedisServer server = EmbeddedRedisServer.start(
                        new EmbeddedRedisSettings(folder, TestFolders.binaries(), 0, PASSWORD));
                Runtime.getRuntime().addShutdownHook(new Thread(server::closeAndDelete, "test-redis-stop"));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

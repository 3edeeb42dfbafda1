package dev.sluice.shared.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running Redis on 127.0.0.1 with a password and an append-only file. All methods block. Like the embedded PostgreSQL
 * it runs outside the terminal's process group, and one that outlived its owner is replaced by the next start.
 */
public final class EmbeddedRedisServer implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final FolderLock lock;
    private final RedisBinary binary;
    private final EmbeddedRedisSettings settings;
    private final Path folder;
    private final int port;

    private EmbeddedRedisServer(FolderLock lock, RedisBinary binary, EmbeddedRedisSettings settings, int port) {
        this.lock = lock;
        this.binary = binary;
        this.settings = settings;
        this.folder = settings.folder().toAbsolutePath();
        this.port = port;
    }

    /**
     * Starts the server, and makes its data folder first where there is none.
     *
     * @throws EmbeddedServerException when the folder is broken or in use, or the port is taken; one sentence says which
     */
    public static EmbeddedRedisServer start(EmbeddedRedisSettings settings) {
        Path folder = settings.folder().toAbsolutePath();
        FolderLock lock = FolderLock.acquire(folder);
        try {
            stop(folder, false);
            RedisBinary binary = RedisBinary.unpack(settings.binaries());
            int port = LocalPort.choose("Redis", settings.port());
            EmbeddedRedisServer server = new EmbeddedRedisServer(lock, binary, settings, port);
            server.launch();
            return server;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** {@code redis://:password@127.0.0.1:port}. */
    public URI url() {
        return URI.create("redis://:%s@127.0.0.1:%d".formatted(settings.password(), port));
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** The process id. */
    public long pid() {
        return process(folder)
                .orElseThrow(() -> new IllegalStateException("The server does not run"))
                .pid();
    }

    /** Kills the server as a crash would; for outage drills. */
    public void crash() {
        stop(folder, true);
    }

    /** Starts the server again on its port after {@link #crash}. */
    public void restart() {
        launch();
    }

    /** Leaves the server running as a killed owner does; for tests. */
    void abandon() {
        lock.close();
    }

    /** Stops the server after it wrote its data; the second call does nothing. */
    @Override
    public void close() {
        stop(folder, false);
        lock.close();
    }

    /** Stops the server and removes everything in its folder. */
    public void closeAndDelete() {
        close();
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new EmbeddedServerException("The data folder %s cannot be removed.".formatted(folder), e);
        }
    }

    private void launch() {
        Path configuration = folder.resolve("redis.conf");
        try {
            Files.deleteIfExists(configuration);
            Files.deleteIfExists(folder.resolve("redis.log"));
            Files.createFile(
                    configuration, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(configuration, configuration());
        } catch (IOException e) {
            throw new EmbeddedServerException("The data folder %s cannot be written.".formatted(folder), e);
        }
        Command.Outcome outcome = Command.run(List.of(binary.program().toString(), configuration.toString()), LIMIT);
        if (!outcome.succeeded()
                || !RedisProbe.untilReady(
                        port, settings.password(), LIMIT, () -> process(folder).isPresent())) {
            stop(folder, true);
            throw failure();
        }
    }

    private String configuration() {
        return """
                # Written at each start.
                bind 127.0.0.1
                port %d
                requirepass %s
                dir "%s"
                daemonize yes
                pidfile "%s"
                logfile "%s"
                appendonly yes
                appendfsync everysec
                save ""
                maxmemory-policy noeviction
                """.formatted(port, settings.password(), folder, pidFile(folder), folder.resolve("redis.log"));
    }

    private EmbeddedServerException failure() {
        String log = "";
        try {
            log = Files.readString(folder.resolve("redis.log"));
        } catch (IOException e) {
            log = e.toString();
        }
        if (log.contains("Address already in use")) {
            return LocalPort.taken("Redis", port, new IOException(log));
        }
        String reason = log.lines()
                .filter(line -> line.contains(" # "))
                .map(line -> line.substring(line.indexOf(" # ") + 3).strip())
                .reduce((first, second) -> second)
                .orElse("Redis does not start on it");
        return new EmbeddedServerException("The data folder %s is broken (%s).".formatted(folder, reason));
    }

    private static void stop(Path folder, boolean forcibly) {
        Optional<ProcessHandle> running = process(folder);
        if (running.isEmpty()) {
            return;
        }
        ProcessHandle process = running.get();
        // SIGTERM is a SHUTDOWN: the append-only file is flushed before the process ends.
        boolean asked = forcibly ? process.destroyForcibly() : process.destroy();
        if (!asked || !ended(process)) {
            throw new EmbeddedServerException("Redis in %s cannot be stopped.".formatted(folder));
        }
    }

    private static boolean ended(ProcessHandle process) {
        try {
            process.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Optional<ProcessHandle> process(Path folder) {
        try {
            Path file = pidFile(folder);
            return Files.exists(file)
                    ? redis(Long.parseLong(Files.readString(file).strip()))
                    : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** After a reboot the number may belong to some other program. */
    private static Optional<ProcessHandle> redis(long pid) {
        return ProcessHandle.of(pid)
                .filter(process -> process.info().command().orElse("").contains("redis-server"));
    }

    private static Path pidFile(Path folder) {
        return folder.resolve("redis.pid");
    }
}

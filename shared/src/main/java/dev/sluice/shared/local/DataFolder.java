package dev.sluice.shared.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The folder with all that outlives a start, owned by one process at a time. The operating system gives the lock back
 * when the owner dies in any way. The folder itself stays open to others, because PostgreSQL does not run as root and
 * has to reach its part; the secrets have a folder and mode of their own.
 */
final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Makes the folder if it is not there, and takes its lock. */
    static DataFolder open(Path given) {
        Path path = given.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path.resolve("logs"));
            return lock(
                    path, FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new LocalFailure("The data folder " + path + " cannot be used: " + e.getMessage() + ".", e);
        }
    }

    private static DataFolder lock(Path path, FileChannel channel) throws IOException {
        try {
            if (channel.tryLock() != null) {
                return new DataFolder(path, channel);
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(path, e);
        }
        channel.close();
        throw inUse(path, null);
    }

    private static LocalFailure inUse(Path path, @Nullable Throwable cause) {
        return new LocalFailure(
                "Sluice is already running on the data folder " + path + ": stop it, or choose another with --data.",
                cause);
    }

    Path path() {
        return path;
    }

    Path secrets() {
        return path.resolve("secrets");
    }

    Path log(String service) {
        return path.resolve("logs").resolve(service + ".log");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new LocalFailure("The lock of " + path + " cannot be given back: " + e.getMessage() + ".", e);
        }
    }
}

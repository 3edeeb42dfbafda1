package dev.sluice.shared.local;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The folder with all that outlives a start, owned by one process at a time. The operating system gives the lock back
 * when the owner dies in any way. The folder itself stays open to others, because PostgreSQL does not run as root and
 * has to reach its part; the secrets have a folder and mode of their own.
 */
final class DataFolder implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String GATEWAY = "gateway-url";

    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes the folder if it is not there, takes its lock, and writes down where its gateway will be.
     *
     * @param gateway its URL
     */
    static DataFolder open(Path given, String gateway) {
        Path path = given.toAbsolutePath().normalize();
        requireOwned(path);
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new LocalFailure("The data folder " + path + " is a file: choose another with --data.");
        }
        try {
            Files.createDirectories(path.resolve("logs"));
            Optional<FileChannel> channel = lock(path);
            if (channel.isEmpty()) {
                throw new LocalFailure("Sluice is already running on the data folder " + path + ", with its gateway at "
                        + gatewayOf(path) + ": stop it, or choose another with --data.");
            }
            Files.writeString(path.resolve(GATEWAY), gateway + "\n");
            return new DataFolder(path, channel.get());
        } catch (IOException e) {
            throw LocalFailure.of("The data folder " + path + " cannot be used", e);
        }
    }

    /** The URL of the gateway that runs on the folder; empty when none does. */
    static Optional<String> runningGateway(Path given) {
        Path path = given.toAbsolutePath().normalize();
        if (!Files.exists(path.resolve(LOCK))) {
            return Optional.empty();
        }
        requireOwned(path);
        try {
            Optional<FileChannel> free = lock(path);
            if (free.isPresent()) {
                free.get().close();
                return Optional.empty();
            }
            return Optional.of(gatewayOf(path));
        } catch (IOException e) {
            throw LocalFailure.of("The data folder " + path + " cannot be used", e);
        }
    }

    /** Empty when another process has the lock. */
    private static Optional<FileChannel> lock(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return Optional.of(channel);
            }
        } catch (OverlappingFileLockException e) {
            // This process has it.
            channel.close();
            return Optional.empty();
        }
        channel.close();
        return Optional.empty();
    }

    private static String gatewayOf(Path path) throws IOException {
        return Files.readString(path.resolve(GATEWAY)).strip();
    }

    /** Databases and secrets are their owner's alone: another user, root as well, would only make a mess of them. */
    private static void requireOwned(Path path) {
        Path lock = path.resolve(LOCK);
        try {
            if (Files.exists(lock) && ((Number) Files.getAttribute(lock, "unix:uid")).longValue() != uid()) {
                throw new LocalFailure(
                        "The data folder %s belongs to the user %s, and this is %s: choose another with --data."
                                .formatted(path, Files.getOwner(lock).getName(), System.getProperty("user.name")));
            }
        } catch (IOException e) {
            throw LocalFailure.of("The data folder " + path + " cannot be used", e);
        }
    }

    private static long uid() {
        return new UnixSystem().getUid();
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

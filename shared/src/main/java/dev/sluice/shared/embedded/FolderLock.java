package dev.sluice.shared.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Says that a living process owns a data folder. The operating system drops the lock when the process dies in any way,
 * so a folder whose owner was killed can be taken over, and one that is in use cannot.
 */
public final class FolderLock implements AutoCloseable {

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes hold of a folder, which is made if it is not there; {@link EmbeddedServerException} when another process has it. */
    public static FolderLock acquire(Path folder) {
        try {
            Files.createDirectories(folder);
            return lock(
                    folder,
                    FileChannel.open(
                            folder.resolve("owner.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new EmbeddedServerException("The data folder %s cannot be written.".formatted(folder), e);
        }
    }

    private static FolderLock lock(Path folder, FileChannel channel) throws IOException {
        if (tryLock(channel) == null) {
            channel.close();
            throw new EmbeddedServerException(
                    "The data folder %s is in use by another running Sluice.".formatted(folder));
        }
        return new FolderLock(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new EmbeddedServerException("The lock of a data folder could not be released.", e);
        }
    }
}

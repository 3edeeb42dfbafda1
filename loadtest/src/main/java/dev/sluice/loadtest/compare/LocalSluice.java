package dev.sluice.loadtest.compare;

import dev.sluice.loadtest.compare.Children.Child;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Sluice as {@code ./sluice up} starts it, with an empty database.
 *
 * @param gateway where it is reached
 * @param key     with platform scope
 * @param data    its folder
 */
public record LocalSluice(URI gateway, String key, Path data, Child child) {

    private static final Duration READY = Duration.ofMinutes(5);

    /** Starts it on the first two ports; blocks until it answers. It is the {@link Children}'s to stop. */
    public static LocalSluice start(Workshop workshop, String name, Map<String, String> environment) {
        return start(workshop, name, workshop.port(), environment);
    }

    /** The same with the gateway on this port and the executor on the next. */
    public static LocalSluice start(Workshop workshop, String name, int port, Map<String, String> environment) {
        Path data = workshop.emptied(name, "data");
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("SLUICE_HOME", workshop.home().toString());
        Child child = workshop.children()
                .start(
                        name,
                        workshop.home(),
                        workshop.of(name).resolve("sluice.log"),
                        variables,
                        command(workshop, data, port));
        child.awaitReady(URI.create("http://127.0.0.1:" + (port + 1_000) + "/actuator/health/readiness"), READY);
        String key = read(data.resolve("secrets").resolve("admin-api-key"));
        return new LocalSluice(URI.create("http://127.0.0.1:" + port), key, data, child);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "LocalSluice[" + gateway + "]";
    }

    private static List<String> command(Workshop workshop, Path data, int port) {
        Path target = workshop.home().resolve("shared").resolve("target");
        String classPath = jar(target) + ":" + target.resolve("lib") + "/*";
        return List.of(
                Workshop.java("java"),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile=local/logback.xml",
                "-cp",
                classPath,
                "dev.sluice.shared.local.LocalCommand",
                "up",
                "--gateway-port=" + port,
                "--executor-port=" + (port + 1),
                "--data=" + data);
    }

    private static Path jar(Path target) {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches("shared-[^-]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new CompareFailure("Sluice is not built: there is no jar in " + target + "."));
        } catch (IOException e) {
            throw new CompareFailure("Sluice is not built: " + target + " cannot be read.", e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new CompareFailure(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }
}

package dev.sluice.loadtest.bench;

import dev.sluice.shared.json.Json;
import io.gatling.javaapi.core.Simulation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Runs one simulation with Gatling in a process of its own, so that its heap and garbage are not the simulator's. Its
 * properties stand in an argument file that only the owner can read: they hold a key and a secret, which the command
 * line would show to everyone.
 */
final class SimulationProcess {

    private static final Duration STARTUP_AND_REPORT = Duration.ofSeconds(90);

    private final Path results;

    SimulationProcess(Path results) {
        this.results = results;
    }

    /** Blocks until the simulation has ended and calls {@code everyHalfSecond} meanwhile; the figures it recorded. */
    JsonNode run(
            Class<? extends Simulation> simulation,
            Duration time,
            Map<String, String> properties,
            Runnable everyHalfSecond) {
        String name = simulation.getSimpleName();
        Path figures = results.resolve(name + ".json");
        Path log = results.resolve(name + ".log");
        try {
            Files.createDirectories(results);
            Files.deleteIfExists(figures);
            Path arguments = arguments(simulation, figures, properties);
            Process process = new ProcessBuilder(java(), "@" + arguments)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                await(process, time.plus(STARTUP_AND_REPORT), everyHalfSecond);
            } finally {
                process.destroyForcibly();
                Files.deleteIfExists(arguments);
            }
            return Json.trusted(Files.readAllBytes(figures));
        } catch (IOException e) {
            throw new BenchFailure(name + " left no figures: see " + log + ".", e);
        }
    }

    private static void await(Process process, Duration deadline, Runnable everyHalfSecond) {
        long endNanos = System.nanoTime() + deadline.toNanos();
        try {
            while (!process.waitFor(500, TimeUnit.MILLISECONDS)) {
                everyHalfSecond.run();
                if (System.nanoTime() > endNanos) {
                    throw new BenchFailure("A simulation did not end within " + deadline.toSeconds() + " s.");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("Interrupted.", e);
        }
    }

    private Path arguments(Class<? extends Simulation> simulation, Path figures, Map<String, String> properties)
            throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Dlogback.configurationFile=loadtest-logback.xml",
                "-cp",
                quoted(System.getProperty("java.class.path")),
                "-Dsluice.bench.result=" + quoted(figures.toAbsolutePath().toString())));
        properties.forEach((name, value) -> lines.add("-Dsluice.bench." + name + "=" + quoted(value)));
        lines.addAll(List.of(
                "io.gatling.app.Gatling",
                "--simulation",
                simulation.getName(),
                "--no-reports",
                "--results-folder",
                quoted(results.resolve("gatling").toAbsolutePath().toString())));
        // createTempFile makes files that only their owner reads.
        return Files.write(Files.createTempFile("sluice-bench", ".args"), lines);
    }

    private static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String java() {
        return System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
    }
}

package dev.sluice.loadtest.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the bench runs against, and how much.
 *
 * @param gatewayPort  of the local gateway; management ports are the service's own plus 1000
 * @param executorPort of the local executor
 * @param data         the system's data folder, which holds the API key and gets the results
 * @param users        requests at once in the first two simulations
 * @param warmUp       seconds that those two send before they are measured: a JVM compiles what it finds hot
 * @param seconds      how long those two send
 * @param inFlight     runs that the third starts
 */
record BenchOptions(int gatewayPort, int executorPort, Path data, int users, int warmUp, int seconds, int inFlight) {

    private static final int MANAGEMENT_OFFSET = 1000;

    private static final Set<String> KNOWN =
            Set.of("--gateway-port", "--executor-port", "--data", "--users", "--warm-up", "--seconds", "--in-flight");

    /** Reads {@code --name value} and {@code --name=value}. */
    static BenchOptions parse(List<String> arguments) {
        Map<String, String> given = new LinkedHashMap<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String[] parts = rest.next().split("=", 2);
            if (!KNOWN.contains(parts[0]) || (parts.length == 1 && !rest.hasNext())) {
                throw new BenchFailure("Unknown option or no value: " + parts[0] + " (expected: --gateway-port N,"
                        + " --executor-port N, --data DIR, --users N, --warm-up N, --seconds N, --in-flight N).");
            }
            given.put(parts[0], parts.length == 2 ? parts[1] : rest.next());
        }
        return new BenchOptions(
                number(given, "--gateway-port", 8080, 64_535),
                number(given, "--executor-port", 8081, 64_535),
                Path.of(given.getOrDefault("--data", ".sluice")),
                number(given, "--users", 64, 5_000),
                number(given, "--warm-up", 45, 300),
                number(given, "--seconds", 15, 300),
                number(given, "--in-flight", 2_000, 50_000));
    }

    URI gateway() {
        return URI.create("http://127.0.0.1:" + gatewayPort);
    }

    int gatewayManagementPort() {
        return gatewayPort + MANAGEMENT_OFFSET;
    }

    int executorManagementPort() {
        return executorPort + MANAGEMENT_OFFSET;
    }

    /** {@code SLUICE_API_KEY}, else the key that {@code ./sluice up} keeps in the data folder. */
    String apiKey() {
        String given = System.getenv("SLUICE_API_KEY");
        if (given != null && !given.isBlank()) {
            return given.strip();
        }
        Path file = data.resolve("secrets").resolve("admin-api-key");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new BenchFailure(
                    "No API key: " + file + " cannot be read and SLUICE_API_KEY is not set; start the system with"
                            + " ./sluice up first.",
                    e);
        }
    }

    private static int number(Map<String, String> given, String name, int absent, int most) {
        try {
            int value = Integer.parseInt(given.getOrDefault(name, Integer.toString(absent)));
            if (value >= 1 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new BenchFailure(name + " is no number: " + given.get(name) + ".", e);
        }
        throw new BenchFailure(name + " is out of bounds: " + given.get(name) + " (expected: 1 to " + most + ").");
    }
}

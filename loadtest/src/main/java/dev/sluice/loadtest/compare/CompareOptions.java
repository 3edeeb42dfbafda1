package dev.sluice.loadtest.compare;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whom to compare, and how much.
 *
 * @param peers    names, in the order they take their turns
 * @param seconds  how long each workload is measured
 * @param warmUp   seconds it is sent before
 * @param inFlight workflows at once
 * @param port     the first of the ports that the peers and the simulator listen on; twenty from there on, and those 1000
 *                 above, have to be free
 * @param folder   packages and databases of the peers; kept
 */
record CompareOptions(List<String> peers, int seconds, int warmUp, int inFlight, int port, Path folder) {

    private static final Set<String> KNOWN =
            Set.of("--peers", "--seconds", "--warm-up", "--in-flight", "--port", "--folder");

    CompareOptions {
        peers = List.copyOf(peers);
    }

    /** Reads {@code --name value} and {@code --name=value}. */
    static CompareOptions parse(List<String> arguments, Path home) {
        Map<String, String> given = new LinkedHashMap<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String[] parts = rest.next().split("=", 2);
            if (!KNOWN.contains(parts[0]) || (parts.length == 1 && !rest.hasNext())) {
                throw new CompareFailure("Unknown option or no value: " + parts[0] + " (expected: --peers A,B,"
                        + " --seconds N, --warm-up N, --in-flight N, --port N, --folder DIR).");
            }
            given.put(parts[0], parts.length == 2 ? parts[1] : rest.next());
        }
        return new CompareOptions(
                peers(given.getOrDefault("--peers", String.join(",", Peers.NAMES))),
                number(given, "--seconds", 10, 300),
                number(given, "--warm-up", 20, 300),
                number(given, "--in-flight", 64, 1_000),
                number(given, "--port", 25_000, 64_000),
                Path.of(given.getOrDefault(
                                "--folder", home.resolve(".sluice-peers").toString()))
                        .toAbsolutePath());
    }

    private static List<String> peers(String text) {
        List<String> names = List.of(text.split(",", -1));
        for (String name : names) {
            if (!Peers.NAMES.contains(name)) {
                throw new CompareFailure(
                        "Unknown peer '" + name + "' (expected: some of " + String.join(",", Peers.NAMES) + ").");
            }
        }
        return names;
    }

    private static int number(Map<String, String> given, String name, int absent, int most) {
        try {
            int value = Integer.parseInt(given.getOrDefault(name, Integer.toString(absent)));
            if (value >= 1 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new CompareFailure(name + " is no number: " + given.get(name) + ".", e);
        }
        throw new CompareFailure(name + " is out of bounds: " + given.get(name) + " (expected: 1 to " + most + ").");
    }
}

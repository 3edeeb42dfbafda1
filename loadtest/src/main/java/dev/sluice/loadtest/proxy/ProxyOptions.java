package dev.sluice.loadtest.proxy;

import dev.sluice.loadtest.compare.CompareFailure;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much is measured.
 *
 * @param seconds     how long each proxy is measured in a round
 * @param warmUp      seconds it is sent requests before the first
 * @param rounds      in each of which all proxies have their turn
 * @param connections of the load
 * @param port        the first of the ports that are listened on; ten from there on, and those 1000 above, have to be free
 * @param folder      programs and settings of the proxies; kept
 */
record ProxyOptions(int seconds, int warmUp, int rounds, int connections, int port, Path folder) {

    private static final Set<String> KNOWN =
            Set.of("--seconds", "--warm-up", "--rounds", "--connections", "--port", "--folder");

    /** Reads {@code --name value} and {@code --name=value}. */
    static ProxyOptions parse(List<String> arguments, Path home) {
        Map<String, String> given = new LinkedHashMap<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String[] parts = rest.next().split("=", 2);
            if (!KNOWN.contains(parts[0]) || (parts.length == 1 && !rest.hasNext())) {
                throw new CompareFailure("Unknown option or no value: " + parts[0] + " (expected: --seconds N,"
                        + " --warm-up N, --rounds N, --connections N, --port N, --folder DIR).");
            }
            given.put(parts[0], parts.length == 2 ? parts[1] : rest.next());
        }
        return new ProxyOptions(
                number(given, "--seconds", 8, 120),
                number(given, "--warm-up", 20, 300),
                number(given, "--rounds", 3, 20),
                number(given, "--connections", 64, 1_000),
                number(given, "--port", 26_000, 64_000),
                Path.of(given.getOrDefault(
                                "--folder", home.resolve(".sluice-peers").toString()))
                        .toAbsolutePath());
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

package dev.sluice.loadtest.compare;

import java.nio.file.Path;
import java.util.List;
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
        Arguments given = Arguments.parse(
                arguments, KNOWN, "--peers A,B, --seconds N, --warm-up N, --in-flight N, --port N, --folder DIR");
        return new CompareOptions(
                peers(given.text("--peers", String.join(",", Peers.NAMES))),
                given.number("--seconds", 10, 300),
                given.number("--warm-up", 20, 300),
                given.number("--in-flight", 64, 1_000),
                given.number("--port", 25_000, 64_000),
                given.path("--folder", home.resolve(".sluice-peers")));
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
}

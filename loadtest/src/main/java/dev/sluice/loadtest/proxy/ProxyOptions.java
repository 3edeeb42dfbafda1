package dev.sluice.loadtest.proxy;

import dev.sluice.loadtest.compare.Arguments;
import java.nio.file.Path;
import java.util.List;
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
        Arguments given = Arguments.parse(
                arguments, KNOWN, "--seconds N, --warm-up N, --rounds N, --connections N, --port N, --folder DIR");
        return new ProxyOptions(
                given.number("--seconds", 8, 120),
                given.number("--warm-up", 20, 300),
                given.number("--rounds", 3, 20),
                given.number("--connections", 64, 1_000),
                given.number("--port", 26_000, 64_000),
                given.path("--folder", home.resolve(".sluice-peers")));
    }
}

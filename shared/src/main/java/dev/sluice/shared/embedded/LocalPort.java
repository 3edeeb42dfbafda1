package dev.sluice.shared.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback address. Safe for threads. */
public final class LocalPort {

    /** Below what kernels hand out by themselves: from 32768 on Linux, from 49152 on others. */
    private static final int FIRST = 20_000;

    private static final int AFTER_LAST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private LocalPort() {}

    /**
     * A free port for a program that is started later, or again after it has ended: not one of those that outgoing
     * connections and listeners on port 0 get, and given once by this process.
     *
     * @throws EmbeddedServerException when a thousand ports that were tried are taken
     */
    public static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, AFTER_LAST);
            if (isFree(port) && GIVEN.add(port)) {
                return port;
            }
        }
        throw new EmbeddedServerException(
                "%d ports of 127.0.0.1 between %d and %d are in use.".formatted(ATTEMPTS, FIRST, AFTER_LAST));
    }

    /** The port itself when it is free, any free one for 0; an exception in one sentence when it is taken. */
    static int choose(String server, int port) {
        if (port == 0) {
            return free();
        }
        try {
            bind(port);
            return port;
        } catch (IOException e) {
            throw taken(server, port, e);
        }
    }

    static EmbeddedServerException taken(String server, int port, Throwable cause) {
        return new EmbeddedServerException(
                "Port %d, which %s needs on 127.0.0.1, is in use by another program.".formatted(port, server), cause);
    }

    private static boolean isFree(int port) {
        try {
            bind(port);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void bind(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            // Connections of a former server that linger in TIME_WAIT do not make a port taken.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        }
    }
}

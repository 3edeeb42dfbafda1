package dev.sluice.shared.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;

/** Finds taken ports before anything starts, so that the message comes first and nothing has to be undone. */
final class Ports {
    private Ports() {}

    static void requireFree(Map<String, Integer> ports) {
        ports.forEach(Ports::requireFree);
    }

    private static void requireFree(String user, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As the servers do it: a port that only lingers in TIME_WAIT is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            if (e.toString().contains("Permission denied")) {
                throw new LocalFailure(
                        "Port " + port + " for " + user + " is not this user's to open: choose one above 1023.", e);
            }
            throw new LocalFailure(
                    "Port " + port + " for " + user + " is in use: stop what listens there, or choose another.", e);
        }
    }
}

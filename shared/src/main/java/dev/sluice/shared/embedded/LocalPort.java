package dev.sluice.shared.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of the loopback address. */
final class LocalPort {

    private LocalPort() {}

    /** The port itself when it is free, any free one for 0; an exception in one sentence when it is taken. */
    static int choose(String server, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // Connections of a former server that linger in TIME_WAIT do not make a port taken.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw taken(server, port, e);
        }
    }

    static EmbeddedServerException taken(String server, int port, Throwable cause) {
        return new EmbeddedServerException(
                "Port %d, which %s needs on 127.0.0.1, is in use by another program.".formatted(port, server), cause);
    }
}

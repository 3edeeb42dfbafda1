package dev.sluice.gateway.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of one message, which can be closed from outside: a server that says a byte now and then would hold its
 * thread for ever otherwise, since the library's timeouts are for each read. Thread-safe.
 */
final class OpenSocket extends SocketFactory implements AutoCloseable {

    private final AtomicReference<@Nullable Socket> open = new AtomicReference<>();
    private volatile boolean over;

    @Override
    public Socket createSocket() throws IOException {
        Socket socket = new Socket();
        open.set(socket);
        if (over) {
            socket.close();
        }
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw unconnected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        throw unconnected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw unconnected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        throw unconnected();
    }

    private static IOException unconnected() {
        return new IOException("only unconnected sockets are made, since those connect within a timeout");
    }

    /** Ends what goes on over it; the thread that waits for it gets an error. */
    @Override
    public void close() {
        over = true;
        Socket socket = open.get();
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is of no use either way.
                over = true;
            }
        }
    }
}

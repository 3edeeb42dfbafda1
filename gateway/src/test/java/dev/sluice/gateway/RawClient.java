package dev.sluice.gateway;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A client that may be as slow and as rude as a socket allows. All methods block, up to their deadline. */
public final class RawClient implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int PAUSE_MILLIS = 20;

    private final Socket socket;

    /** Connected. */
    public RawClient(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
    }

    /** Sends these characters. */
    @CanIgnoreReturnValue
    public RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** Reads until the peer closes the connection, or until what was read has the mark in it. */
    public String readUntil(String mark) throws IOException {
        socket.setSoTimeout((int) DEADLINE.toMillis());
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        for (int next = read(in); next >= 0; next = read(in)) {
            text.append((char) next);
            if (text.indexOf(mark, text.length() - mark.length()) >= 0) {
                break;
            }
        }
        return text.toString();
    }

    /** Sends one character after the other until the peer has closed the connection; false at the deadline. */
    public boolean trickleUntilClosed(char drop) throws IOException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        socket.setSoTimeout(PAUSE_MILLIS);
        while (System.nanoTime() < end) {
            try {
                if (read(socket.getInputStream()) < 0) {
                    return true;
                }
            } catch (SocketTimeoutException e) {
                send(Character.toString(drop));
            } catch (IOException e) {
                return true;
            }
        }
        return false;
    }

    /** Sends one character after the other, whatever the peer says, until it is refused; false at the deadline. */
    public boolean sendUntilReset(char drop) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() < end) {
            try {
                send(Character.toString(drop));
            } catch (IOException e) {
                return true;
            }
            LockSupport.parkNanos(Duration.ofMillis(PAUSE_MILLIS).toNanos());
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A reset is an end like any other. */
    private static int read(InputStream in) throws IOException {
        try {
            return in.read();
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return -1;
        }
    }
}

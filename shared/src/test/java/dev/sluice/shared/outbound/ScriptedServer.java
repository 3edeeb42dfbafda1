package dev.sluice.shared.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A peer that does to a client whatever its script says, on a plain socket, and sees when the client has gone. */
final class ScriptedServer implements AutoCloseable {

    /** What is done to each connection once its request's headers have been read. */
    interface Script {
        void play(Socket socket, OutputStream out) throws IOException;
    }

    private final ServerSocket listener;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final Semaphore ended = new Semaphore(0);
    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);

    private ScriptedServer(Script script) throws IOException {
        this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        this.script = script;
    }

    static ScriptedServer playing(Script script) throws IOException {
        ScriptedServer server = new ScriptedServer(script);
        Thread.ofVirtual().start(server::accept);
        return server;
    }

    /** A server that writes fixed text for each request and then waits. */
    static ScriptedServer answering(String text) throws IOException {
        return playing((socket, out) -> out.write(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port() + "/path?q=1");
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    boolean requestArrived() throws InterruptedException {
        return requested.await(10, TimeUnit.SECONDS);
    }

    /** Whether a client that had connected closed its side within ten seconds. */
    boolean clientGone() throws InterruptedException {
        return gone.await(10, TimeUnit.SECONDS);
    }

    /** Whether no connection is left open, within ten seconds. */
    boolean clientsGone() throws InterruptedException {
        return ended.tryAcquire(connections.get(), 10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            requested.countDown(); // closed: the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            while (readHeaders(in)) {
                requested.countDown();
                OutputStream out = socket.getOutputStream();
                script.play(socket, out);
                out.flush();
            }
        } catch (IOException e) {
            gone.countDown(); // a reset is one way for a client to go
        }
        gone.countDown();
        ended.release();
    }

    /** Reads to the blank line; false at the end of the stream. */
    private static boolean readHeaders(InputStream in) throws IOException {
        int matched = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            boolean expected = next == "\r\n\r\n".charAt(matched);
            matched = expected ? matched + 1 : next == '\r' ? 1 : 0;
            if (matched == 4) {
                return true;
            }
        }
        return false;
    }
}

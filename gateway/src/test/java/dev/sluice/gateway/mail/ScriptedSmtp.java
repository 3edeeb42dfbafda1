package dev.sluice.gateway.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A mail server that answers each message as the test says, and says nothing more when it has nothing to say. */
final class ScriptedSmtp implements AutoCloseable {

    /** What becomes of one message. */
    enum Fate {
        TAKEN,
        BUSY,
        RECIPIENT_BUSY,
        REFUSED,
        HANGS_UP,
        SILENT,
        TRICKLES
    }

    final AtomicInteger messages = new AtomicInteger();
    final Deque<Fate> fates = new ConcurrentLinkedDeque<>();
    final CountDownLatch left = new CountDownLatch(1);
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    ScriptedSmtp(Fate... fates) {
        try {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.fates.addAll(java.util.List.of(fates));
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        Fate fate = fates.isEmpty() ? Fate.TAKEN : fates.poll();
        try (client;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                OutputStream out = client.getOutputStream()) {
            switch (fate) {
                case HANGS_UP -> messages.incrementAndGet();
                case SILENT -> waitForTheEnd(in);
                case TRICKLES -> trickle(out);
                case TAKEN, BUSY, RECIPIENT_BUSY, REFUSED -> talk(fate, in, out);
            }
        } catch (IOException e) {
            left.countDown();
        }
    }

    private void waitForTheEnd(BufferedReader in) throws IOException {
        if (in.readLine() == null) {
            left.countDown();
        }
    }

    /** A greeting that never ends. */
    private void trickle(OutputStream out) throws IOException {
        while (true) {
            say(out, "220-wait");
        }
    }

    private void talk(Fate fate, BufferedReader in, OutputStream out) throws IOException {
        say(out, "220 scripted");
        String line = in.readLine();
        while (line != null) {
            if (line.startsWith("DATA")) {
                say(out, "354 go on");
                while (!".".equals(in.readLine())) {
                    // The message itself is none of this server's business.
                    messages.get();
                }
                messages.incrementAndGet();
                say(out, fate == Fate.BUSY ? "451 later" : fate == Fate.REFUSED ? "554 never" : "250 taken");
            } else if (line.startsWith("RCPT") && fate == Fate.RECIPIENT_BUSY) {
                messages.incrementAndGet();
                say(out, "450 greylisted");
            } else {
                say(out, line.startsWith("QUIT") ? "221 bye" : "250 ok");
            }
            line = in.readLine();
        }
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}

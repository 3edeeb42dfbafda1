package dev.sluice.executor.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.testing.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptions of 50 MB, from a server that sends as fast as it is read from. */
class HugeDocumentsIT {

    private static final int SIZE = 50 << 20;

    /** What is read before it is known to be too much, and what sockets hold on both sides: what is not read takes no memory. */
    private static final long MOST_SENT = 20 << 20;

    private static final byte[] START =
            "{\"openapi\":\"3.1.0\",\"paths\":{\"/\":{\"get\":{\"operationId\":\"op\"}}},\"x\":\"".getBytes(US_ASCII);
    private static final byte[] PIECE = bytes(64 << 10, 'x');

    private static RunningExecutor executor;

    @BeforeAll
    static void start() {
        executor = RunningExecutor.start(TestPostgres.freshDatabase());
    }

    @AfterAll
    static void stop() {
        executor.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Length: " + SIZE + "\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n"})
    void areRefusedAndNotRead(String framing) throws Exception {
        try (Server server = new Server(out -> sendAll(out, framing))) {
            Answer answer = deploy(server.address());

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("errors").path(0).path("detail").asString())
                    .isEqualTo("cannot be fetched: The response is longer than 2097152 bytes.");
            assertThat(server.sentUntilClosed()).isLessThan(MOST_SENT);
        }
    }

    @Test
    void areNotUnpacked() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(START);
            for (int sent = 0; sent < SIZE; sent += PIECE.length) {
                gzip.write(PIECE);
            }
            gzip.write("\"}".getBytes(US_ASCII));
        }
        assertThat(packed.size()).isLessThan(1 << 20);
        try (Server server = new Server(out -> {
            write(out, "Content-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n");
            out.write(packed.toByteArray());
        })) {
            Answer answer = deploy(server.address());

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("errors").path(0).path("detail").asString())
                    .isEqualTo("cannot be fetched: it came compressed (gzip), which was not asked for");
        }
    }

    private static Answer deploy(String address) {
        String document = """
                document: { dsl: '1.0.3', namespace: test, name: huge, version: '1.0.0' }
                do: [ a: { call: openapi, with: { document: { endpoint: '%s' }, operationId: op } } ]
                """.formatted(address);
        return executor.ask(
                RunningExecutor.principal(), "POST", "/v1/workflows", document, "Content-Type", "application/yaml");
    }

    private static void sendAll(CountedStream out, String framing) throws IOException {
        write(out, framing + "\r\n");
        boolean chunked = framing.contains("chunked");
        send(out, START, chunked);
        for (int sent = START.length; sent < SIZE; sent += PIECE.length) {
            send(out, Arrays.copyOf(PIECE, Math.min(PIECE.length, SIZE - sent)), chunked);
        }
    }

    private static void send(OutputStream out, byte[] piece, boolean chunked) throws IOException {
        if (chunked) {
            write(out, Integer.toHexString(piece.length) + "\r\n");
        }
        out.write(piece);
        if (chunked) {
            write(out, "\r\n");
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(US_ASCII));
    }

    private static byte[] bytes(int count, char character) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) character);
        return bytes;
    }

    private interface Script {
        void play(CountedStream out) throws IOException;
    }

    private static final class CountedStream extends OutputStream {

        private final OutputStream out;
        private long count;

        CountedStream(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            out.write(octets, offset, length);
            count += length;
        }
    }

    /** Answers one request. */
    private static final class Server implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final CompletableFuture<Long> sent = new CompletableFuture<>();
        private final Script script;

        Server(Script script) throws IOException {
            this.script = script;
            Thread.ofVirtual().start(this::serve);
        }

        String address() {
            return "http://127.0.0.1:" + listener.getLocalPort() + "/openapi.json";
        }

        /** How many bytes could be sent until the other side had closed the connection. */
        long sentUntilClosed() throws Exception {
            return sent.get(10, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }

        private void serve() {
            try (Socket socket = listener.accept()) {
                CountedStream out = new CountedStream(socket.getOutputStream());
                skipHead(socket.getInputStream());
                write(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
                try {
                    script.play(out);
                    // Nothing more comes; the end of what the other side sends is that it has closed.
                    var _ = socket.getInputStream().read();
                } catch (IOException e) {
                    // It has closed while there was more to send.
                }
                sent.complete(out.count);
            } catch (IOException e) {
                sent.completeExceptionally(e);
            }
        }

        private static void skipHead(InputStream in) throws IOException {
            int newlines = 0;
            while (newlines < 2) {
                int octet = in.read();
                newlines = octet == '\n' ? newlines + 1 : octet == '\r' ? newlines : 0;
            }
        }
    }
}

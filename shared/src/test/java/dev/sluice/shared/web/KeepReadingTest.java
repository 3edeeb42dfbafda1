package dev.sluice.shared.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.testing.TestTls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

class KeepReadingTest {

    private static final int DEADLINE_MILLIS = 20_000;
    private static final String GET = "GET %s HTTP/1.1\r\nHost: x\r\n\r\n";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesOnReadingAfterARequestThatCameBeforeTheFormerAnswer(boolean alsoHttp2) throws IOException {
        HttpServer plain = HttpServer.create().host("127.0.0.1").port(0).handle(KeepReadingTest::answer);
        DisposableServer server = KeepReading.on(
                        alsoHttp2 ? plain.protocol(HttpProtocol.HTTP11, HttpProtocol.H2C) : plain)
                .bindNow(Duration.ofSeconds(10));
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            client.setSoTimeout(DEADLINE_MILLIS);
            send(client, GET.formatted("/late") + GET.formatted("/"));
            assertThat(readUntil(client, "late!")).startsWith("HTTP/1.1 200");
            assertThat(readUntil(client, "hello")).startsWith("HTTP/1.1 200");
            send(client, GET.formatted("/"));
            assertThat(readUntil(client, "hello")).startsWith("HTTP/1.1 200");
        } finally {
            server.disposeNow(Duration.ofSeconds(5));
        }
    }

    /** What is spoken is known when the handshake is over. */
    @Test
    void goesOnReadingWhereTlsDecidesWhatIsSpoken(@TempDir Path folder) throws Exception {
        TestTls tls = TestTls.in(folder, "server");
        DisposableServer server = KeepReading.on(HttpServer.create()
                        .protocol(HttpProtocol.HTTP11, HttpProtocol.H2)
                        .secure(spec -> spec.sslContext(tls.offeringHttp2())))
                .host("127.0.0.1")
                .port(0)
                .handle(KeepReadingTest::answer)
                .bindNow(Duration.ofSeconds(10));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, tls.trust().getTrustManagers(), null);
        try (Socket client = context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            client.setSoTimeout(DEADLINE_MILLIS);
            send(client, GET.formatted("/late") + GET.formatted("/"));
            assertThat(readUntil(client, "late!")).startsWith("HTTP/1.1 200");
            assertThat(readUntil(client, "hello")).startsWith("HTTP/1.1 200");
            send(client, GET.formatted("/"));
            assertThat(readUntil(client, "hello")).startsWith("HTTP/1.1 200");
        } finally {
            server.disposeNow(Duration.ofSeconds(5));
        }
    }

    private static Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        Mono<String> body = request.uri().equals("/late")
                ? Mono.delay(Duration.ofMillis(50)).thenReturn("late!")
                : Mono.just("hello");
        return response.header("Content-Length", "5").sendString(body).then();
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static String readUntil(Socket client, String end) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (!text.toString(US_ASCII).endsWith(end)) {
            int next = client.getInputStream().read();
            if (next < 0) {
                throw new IOException("closed after: " + text.toString(US_ASCII));
            }
            text.write(next);
        }
        return text.toString(US_ASCII);
    }
}

package dev.sluice.shared.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.outbound.OutboundException.Kind;
import dev.sluice.shared.testing.TestTls;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

/** Servers that ask who it is when they have done what was asked (TLS 1.2, renegotiation), and like nobody. */
@Timeout(60)
final class LateRefusalTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final AtomicInteger effects = new AtomicInteger();

    /** Else the call would be said to have had no effect, and be made again. */
    @Test
    void isNoWordThatNothingWasDone(@TempDir Path folder) throws Exception {
        TestTls own = TestTls.in(folder, "server");
        TestTls ann = TestTls.in(folder, "ann");
        var client = new OutboundClient(
                OutboundSettings.DEFAULT.withConnectionsPerHost(1),
                OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.1"))),
                DefaultAddressResolverGroup.INSTANCE,
                tls -> tls.trustManager(own.trust()));
        try (client;
                var listening = listening(own)) {
            Thread.ofPlatform().daemon().start(() -> serve(listening));
            URI uri = URI.create("https://localhost:" + listening.getLocalPort() + "/");
            var request = new OutboundRequest("POST", uri, Map.of(), null, DEADLINE, 100)
                    .showing(new ClientCertificate("one", "ann", ann.key(), List.of(ann.certificate())));
            StepVerifier.create(client.exchange(request))
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(DEADLINE);
            StepVerifier.create(client.exchange(request))
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOfSatisfying(OutboundException.class, lost -> {
                                assertThat(lost.kind()).isEqualTo(Kind.RESET);
                                assertThat(lost.sent()).isTrue();
                            }))
                    .verify(DEADLINE);
            assertThat(effects).hasValue(2);
        }
    }

    private void serve(SSLServerSocket listening) {
        try (SSLSocket socket = (SSLSocket) listening.accept()) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            take(in);
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.UTF_8));
            take(in);
            socket.setNeedClientAuth(true);
            socket.startHandshake();
            var _ = in.read();
        } catch (IOException e) {
            // It is what it came for.
        }
    }

    private void take(BufferedReader in) throws IOException {
        String line = in.readLine();
        while (line != null && !line.isEmpty()) {
            line = in.readLine();
        }
        effects.incrementAndGet();
    }

    private static SSLServerSocket listening(TestTls own) throws Exception {
        SSLContext tls = SSLContext.getInstance("TLSv1.2");
        tls.init(own.keys().getKeyManagers(), new TrustManager[] {new Nobody()}, null);
        SSLServerSocket listening = (SSLServerSocket)
                tls.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        listening.setEnabledProtocols(new String[] {"TLSv1.2"});
        return listening;
    }

    private static final class Nobody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not any more");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

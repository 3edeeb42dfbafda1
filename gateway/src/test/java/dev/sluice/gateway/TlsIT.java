package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.sluice.shared.testing.TestTls;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** TLS as an operator switches it on, with Spring's settings: certificates that change under way, and clients that have one. */
@Timeout(120)
final class TlsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void takesANewCertificateWithoutARestart() throws Exception {
        TestTls served = TestTls.in(folder, "served");
        TestTls next = TestTls.in(folder, "next");
        TestTls copy = served.copiedTo(folder.resolve("web.p12"));
        try (RunningGateway gateway = start(
                copy,
                "spring.ssl.bundle.jks.web.reload-on-update=true",
                "spring.ssl.bundle.watch.file.quiet-period=200ms")) {
            MeterRegistry meters = gateway.context().getBean(MeterRegistry.class);
            assertThat(meters.get("sluice.tls.expiry").gauge().value()).isPositive();
            HttpResponse<String> answer = ask(gateway, trusting(served, null));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);

            Queue<String> said = reloadErrors();
            Path bad = Files.writeString(folder.resolve("bad"), "no certificate");
            Files.move(bad, copy.file(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            People.await(DEADLINE, () -> said.contains("ERROR Unexpected SSL reload error"));
            assertThat(isServed(gateway, served)).isTrue();
            assertThat(meters.get("sluice.tls.reloads").counter().count()).isZero();

            Files.move(next.file(), copy.file(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            People.await(DEADLINE, () -> isServed(gateway, copy));
            assertThat(isServed(gateway, served)).isFalse();
            assertThat(meters.get("sluice.tls.reloads").counter().count()).isEqualTo(1);
        }
    }

    @Test
    void takesClientsWithACertificateOnlyWhereThatIsAsked() throws Exception {
        TestTls server = TestTls.in(folder, "server");
        TestTls client = TestTls.in(folder, "client");
        try (RunningGateway gateway = start(
                server,
                "server.ssl.client-auth=need",
                "spring.ssl.bundle.jks.web.truststore.location=file:" + client.file(),
                "spring.ssl.bundle.jks.web.truststore.password=" + TestTls.PASSWORD)) {
            HttpResponse<String> answer = ask(gateway, trusting(server, client));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThatThrownBy(() -> ask(gateway, trusting(server, null))).isInstanceOf(IOException.class);
            TestTls stranger = TestTls.in(folder, "stranger");
            assertThatThrownBy(() -> ask(gateway, trusting(server, stranger))).isInstanceOf(IOException.class);
        }
    }

    /** Java's own client gives the error of its writing, and not the answer, when a stream is reset under it with blame. */
    @Test
    void letsAClientThatStillSendsItsBodySeeTheRefusal() throws Exception {
        TestTls server = TestTls.in(folder, "server");
        try (RunningGateway gateway = start(server);
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(trusting(server, null))
                        .build()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("https://localhost:" + gateway.port() + "/v1/workflows"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[16 * 1024 * 1024]))
                    .timeout(DEADLINE)
                    .build();
            for (int i = 0; i < 10; i++) {
                HttpResponse<Void> refused = client.send(request, HttpResponse.BodyHandlers.discarding());
                assertThat(refused.statusCode()).isEqualTo(401);
                assertThat(refused.version()).isEqualTo(HttpClient.Version.HTTP_2);
            }
        }
    }

    private static RunningGateway start(TestTls own, String... settings) {
        return RunningGateway.start(Stream.concat(
                        Stream.of(
                                "server.ssl.bundle=web",
                                "management.server.ssl.enabled=false",
                                "spring.ssl.bundle.jks.web.keystore.location=file:" + own.file(),
                                "spring.ssl.bundle.jks.web.keystore.password=" + TestTls.PASSWORD),
                        Stream.of(settings))
                .toArray(String[]::new));
    }

    /** On connections that trust nothing else. */
    private static boolean isServed(RunningGateway gateway, TestTls tls) {
        try {
            return ask(gateway, trusting(tls, null)).statusCode() == 200;
        } catch (Exception e) {
            return false;
        }
    }

    /** On a connection of its own. */
    private static HttpResponse<String> ask(RunningGateway gateway, SSLContext context) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + gateway.port() + "/v1/events"))
                .header("Authorization", "Bearer " + RunningGateway.PLATFORM_KEY)
                .timeout(DEADLINE)
                .build();
        try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static SSLContext trusting(TestTls trusted, @Nullable TestTls own) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                own == null ? null : own.keys().getKeyManagers(),
                trusted.trust().getTrustManagers(),
                null);
        return context;
    }

    /** What is logged where certificates are read anew. */
    private static Queue<String> reloadErrors() {
        Queue<String> said = new ConcurrentLinkedQueue<>();
        AppenderBase<ILoggingEvent> listening = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                said.add(event.getLevel() + " " + event.getMessage());
            }
        };
        listening.start();
        ((Logger) LoggerFactory.getLogger("org.springframework.boot.autoconfigure.ssl.FileWatcher"))
                .addAppender(listening);
        return said;
    }
}

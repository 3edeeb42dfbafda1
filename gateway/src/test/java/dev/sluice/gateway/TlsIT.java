package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS as an operator switches it on, with Spring's settings: certificates that change under way, and clients that have one. */
@Timeout(120)
final class TlsIT {

    private static final String PASSWORD = "changeit";
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void takesANewCertificateWithoutARestart() throws Exception {
        Path served = keystore("served");
        Path next = keystore("next");
        try (RunningGateway gateway = RunningGateway.start(
                "server.ssl.bundle=web",
                "management.server.ssl.enabled=false",
                "spring.ssl.bundle.jks.web.keystore.location=file:" + served,
                "spring.ssl.bundle.jks.web.keystore.password=" + PASSWORD,
                "spring.ssl.bundle.jks.web.reload-on-update=true",
                "spring.ssl.bundle.watch.file.quiet-period=200ms")) {
            BigInteger first = serial(served);
            BigInteger second = serial(next);
            assertThat(first).isNotEqualTo(second);
            assertThat(ask(gateway, trusting(served, null)).statusCode()).isEqualTo(200);
            Files.move(next, served, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            while (!isServed(gateway, second, served)) {
                assertThat(System.nanoTime())
                        .as("the new certificate is not served")
                        .isLessThan(deadline);
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void takesClientsWithACertificateOnlyWhereThatIsAsked() throws Exception {
        Path server = keystore("server");
        Path client = keystore("client");
        try (RunningGateway gateway = RunningGateway.start(
                "server.ssl.bundle=web",
                "server.ssl.client-auth=need",
                "management.server.ssl.enabled=false",
                "spring.ssl.bundle.jks.web.keystore.location=file:" + server,
                "spring.ssl.bundle.jks.web.keystore.password=" + PASSWORD,
                "spring.ssl.bundle.jks.web.truststore.location=file:" + client,
                "spring.ssl.bundle.jks.web.truststore.password=" + PASSWORD)) {
            assertThat(ask(gateway, trusting(server, client)).statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> ask(gateway, trusting(server, null))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> ask(gateway, trusting(server, keystore("stranger"))))
                    .isInstanceOf(IOException.class);
        }
    }

    private static boolean isServed(RunningGateway gateway, BigInteger serial, Path trusted) throws Exception {
        try {
            X509Certificate certificate = (X509Certificate) ask(gateway, trusting(trusted, null))
                    .sslSession()
                    .orElseThrow()
                    .getPeerCertificates()[0];
            return certificate.getSerialNumber().equals(serial);
        } catch (IOException e) {
            // The old one is served yet, which is not trusted any more.
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

    private static SSLContext trusting(Path trusted, @Nullable Path own) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(load(trusted));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        SSLContext context = SSLContext.getInstance("TLS");
        if (own != null) {
            keys.init(load(own), PASSWORD.toCharArray());
        }
        context.init(own == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static BigInteger serial(Path keystore) throws Exception {
        return ((X509Certificate) load(keystore).getCertificate("own")).getSerialNumber();
    }

    /** A key with a certificate, which is what trusts it too. */
    private static KeyStore load(Path file) throws Exception {
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            own.load(in, PASSWORD.toCharArray());
        }
        if (!own.containsAlias("trusted")) {
            own.setCertificateEntry("trusted", own.getCertificate("own"));
        }
        return own;
    }

    /** A key with a certificate signed by itself, for localhost; made by the JDK's own tool. */
    private Path keystore(String name) throws Exception {
        Path file = folder.resolve(name + ".p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(List.of(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .start();
        assertThat(process.waitFor())
                .as(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isZero();
        return file;
    }
}

package dev.sluice.gateway.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.sluice.gateway.mail.MailSettings.Tls;
import dev.sluice.gateway.person.Email;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

/** A server that speaks TLS from the first byte on, as localhost, and wants a password. */
final class SmtpTlsTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Mail MAIL = new Mail(new Email("a@example.com"), "Subject \u00e4", "Text \u00e4");
    private static final String STORE_PASSWORD = "password";
    private static final String FILE_PROPERTY = "greenmail.tls.keystore.file";
    private static final String PASSWORD_PROPERTY = "greenmail.tls.keystore.password";

    private static GreenMail server;
    private static SSLSocketFactory trusting;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Path keystore = keystore(folder.resolve("mail.p12"));
        System.setProperty(FILE_PROPERTY, keystore.toString());
        System.setProperty(PASSWORD_PROPERTY, STORE_PASSWORD);
        server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
        server.setUser("sluice@example.com", "sluice", "mail password");
        server.start();
        trusting = trusting(keystore);
    }

    @AfterAll
    static void stop() {
        server.stop();
        System.clearProperty(FILE_PROPERTY);
        System.clearProperty(PASSWORD_PROPERTY);
    }

    @Test
    void givesItsPasswordToWhomItTrusts() throws Exception {
        send("localhost", "mail password", trusting).expectComplete().verify(PATIENCE);
        assertThat(server.getReceivedMessages()).hasSize(1);
        assertThat(server.getReceivedMessages()[0].getSubject()).isEqualTo("Subject \u00e4");
        assertThat(server.getReceivedMessages()[0].getContent().toString().strip())
                .isEqualTo("Text \u00e4");
        send("localhost", "another password", trusting)
                .expectErrorSatisfies(error -> {
                    assertThat(Smtp.isTransient(error)).isFalse();
                    assertThat(Smtp.describe(error)).isEqualTo("SMTP 535, AuthenticationFailedException");
                })
                .verify(PATIENCE);
        // Of another name, and of nobody whom the platform trusts.
        send("127.0.0.1", "mail password", trusting)
                .expectErrorSatisfies(error -> assertThat(Smtp.describe(error)).contains("CertificateException"))
                .verify(PATIENCE);
        send("localhost", "mail password", null).expectError().verify(PATIENCE);
        assertThat(server.getReceivedMessages()).hasSize(1);
    }

    private static StepVerifier.LastStep send(String host, String password, @Nullable SSLSocketFactory tls) {
        MailSettings settings = new MailSettings(
                host, server.getSmtps().getPort(), Tls.IMPLICIT, "sluice", password, "sluice@example.com");
        Smtp smtp = new Smtp(settings, PATIENCE, CLOCK, tls);
        return smtp.send(MAIL).doFinally(signal -> smtp.dispose()).as(StepVerifier::create);
    }

    private static SSLSocketFactory trusting(Path keystore) throws Exception {
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keystore)) {
            own.load(in, STORE_PASSWORD.toCharArray());
        }
        own.setCertificateEntry("trusted", own.getCertificate("own"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(own);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    /** A key with a certificate signed by itself, for localhost; made by the JDK's own tool. */
    private static Path keystore(Path file) throws Exception {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(List.of(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        STORE_PASSWORD))
                .redirectErrorStream(true)
                .start();
        assertThat(process.waitFor())
                .as(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isZero();
        return file;
    }
}

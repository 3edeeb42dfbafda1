package dev.sluice.loadtest.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.upstream.UpstreamSimulator;
import java.io.File;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfSignedTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void letsAClientThatTrustsItSpeakHttp2WithTheSimulator(@TempDir Path folder) throws Exception {
        SelfSigned identity = SelfSigned.in(folder);

        try (UpstreamSimulator upstream = UpstreamSimulator.startSecure("127.0.0.1", 0, identity.keys(), 10)
                        .blockOptional(LIMIT)
                        .orElseThrow();
                HttpClient client =
                        HttpClient.newBuilder().sslContext(trusting(identity)).build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(upstream.uri().resolve("/answer"))
                            .timeout(LIMIT)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(upstream.stats().requests()).isEqualTo(1);
        }
    }

    /** As the executor's Java is told to. */
    private static SSLContext trusting(SelfSigned identity) throws Exception {
        KeyStore store = KeyStore.getInstance(
                new File(option(identity, "trustStore")),
                option(identity, "trustStorePassword").toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static String option(SelfSigned identity, String name) {
        String prefix = "-Djavax.net.ssl." + name + "=";
        return Objects.requireNonNull(identity.java().stream()
                .filter(option -> option.startsWith(prefix))
                .findFirst()
                .orElseThrow()
                .substring(prefix.length()));
    }
}

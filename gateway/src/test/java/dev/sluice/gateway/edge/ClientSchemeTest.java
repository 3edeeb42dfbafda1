package dev.sluice.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.edge.EdgeSettings.ForwardedHeader;
import dev.sluice.gateway.http2.Http2Limits;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

final class ClientSchemeTest {

    private static final String PROXY = "10.0.0.1";
    private static final String PLAIN = "http://gateway.example/a%20b?c=%2F";
    private static final String TLS = "https://gateway.example/a%20b?c=%2F";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https       | true",
                "HTTPS       | true",
                "http, https | true",
                "https, http | false",
                "http        | false",
                "httpsx      | false",
                "''          | false",
            })
    void isWhatTheNearestProxySays(String header, boolean tls) {
        assertThat(of(PLAIN, PROXY, ForwardedHeader.X_FORWARDED_FOR, "X-Forwarded-Proto", header))
                .isEqualTo(tls ? TLS : PLAIN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=1.2.3.4;proto=https             | true",
                "Proto=\"https\";for=1.2.3.4         | true",
                "proto=http, for=1.2.3.4; proto=https | true",
                "proto=https, for=1.2.3.4            | false",
                "for=1.2.3.4;xproto=https            | false",
                "proto=http                          | false",
            })
    void isReadFromForwardedWhereThatIsSaid(String header, boolean tls) {
        assertThat(of(PLAIN, PROXY, ForwardedHeader.FORWARDED, "Forwarded", header))
                .isEqualTo(tls ? TLS : PLAIN);
    }

    @Test
    void isTheConnectionsWhateverAnybodyElseSays() {
        assertThat(of(PLAIN, "9.9.9.9", ForwardedHeader.X_FORWARDED_FOR, "X-Forwarded-Proto", "https"))
                .isEqualTo(PLAIN);
        assertThat(of(PLAIN, PROXY, ForwardedHeader.X_FORWARDED_FOR, "Forwarded", "proto=https"))
                .isEqualTo(PLAIN);
        assertThat(of(TLS, PROXY, ForwardedHeader.X_FORWARDED_FOR, "X-Forwarded-Proto", "http"))
                .isEqualTo(TLS);
    }

    private static String of(String uri, String peer, ForwardedHeader header, String name, String value) {
        Duration any = Duration.ofSeconds(1);
        EdgeSettings settings =
                new EdgeSettings(1, any, any, any, List.of("10.0.0.0/8"), header, List.of(), Http2Limits.DEFAULT);
        var request = MockServerHttpRequest.method(HttpMethod.GET, URI.create(uri))
                .remoteAddress(new InetSocketAddress(peer, 1))
                .header(name, value)
                .build();
        return new ClientScheme(settings).of(request).toString();
    }
}

package dev.sluice.shared.outbound;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OutboundRequestTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://a/",
                "file:///etc/passwd",
                "/relative",
                "//a/b",
                "mailto:a@b",
                "http://user@a/",
                "http://u:p@a/",
                "http:///path",
                "http://a:0/",
                "http://a:70000/",
                "http://a_b/",
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0x7f.1/",
                "http://127.1/",
                "http://127.0.0.1./",
                "http://0177.0.0.1/",
                "http://a.0X7f/"
            })
    void refusesAddressesThatAreNotPlainHttp(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> request("GET", uri, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GE T", "CONNECT", "connect", "GET\r\nX: y"})
    void refusesMethodsThatAreNotTokens(String method) {
        assertThatIllegalArgumentException().isThrownBy(() -> request(method, "http://a/", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\n", "", "a:", "Host", "Transfer-Encoding", "content-length", "Connection"})
    void refusesHeaderNamesThatAreNoTokensOrReframeTheMessage(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> request("GET", "http://a/", Map.of(name, "5")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"b\r\nX: y", "b\n", "b\r", "b\0", "\u20ac", "\u010a"})
    void refusesHeaderValuesThatCouldSplitTheMessage(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> request("GET", "http://a/", Map.of("a", value)));
    }

    @Test
    void acceptsOrdinaryRequests() {
        assertThatCode(() -> request("PATCH", "HTTPS://example.com:8443/a?b=c#d", Map.of("X-A", "b\tc é")))
                .doesNotThrowAnyException();
        assertThatCode(() -> request("GET", "http://[2606:4700::1]/", Map.of())).doesNotThrowAnyException();
    }

    private static OutboundRequest request(String method, String uri, Map<String, String> headers) {
        return new OutboundRequest(method, URI.create(uri), headers, null, Duration.ofSeconds(1), 10);
    }
}

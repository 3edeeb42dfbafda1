package dev.sluice.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.gateway.edge.EdgeSettings.ForwardedHeader;
import dev.sluice.gateway.http2.Http2Limits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

final class ClientAddressTest {

    private static final String PROXY = "10.0.0.1";

    @Test
    void isThePeersWhateverItSaysWhenNobodyIsTrusted() {
        assertThat(client(settings(ForwardedHeader.X_FORWARDED_FOR), PROXY, "X-Forwarded-For", "1.2.3.4"))
                .isEqualTo(PROXY);
    }

    @Test
    void isThePeersWhateverItSaysWhenItIsNoProxyOfOurs() {
        assertThat(client(behind(ForwardedHeader.X_FORWARDED_FOR), "9.9.9.9", "X-Forwarded-For", "1.2.3.4"))
                .isEqualTo("9.9.9.9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.2.3.4                          | 1.2.3.4",
                "6.6.6.6, 1.2.3.4                 | 1.2.3.4",
                "6.6.6.6, 1.2.3.4, 10.9.9.9       | 1.2.3.4",
                "6.6.6.6,1.2.3.4:5678             | 1.2.3.4",
                "2001:db8::7                      | 2001:db8::7",
                "[2001:db8::7]:443                | 2001:db8::7",
                "10.2.2.2                         | 10.2.2.2",
                "6.6.6.6, unknown                 | 10.0.0.1",
                "6.6.6.6, gateway.example         | 10.0.0.1",
                "1.2.3.4, ''                      | 10.0.0.1",
            })
    void isWhatTheFirstOfOurProxiesSays(String header, String expected) {
        assertThat(client(behind(ForwardedHeader.X_FORWARDED_FOR), PROXY, "X-Forwarded-For", header))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=1.2.3.4                                            | 1.2.3.4",
                "for=6.6.6.6, For=\"1.2.3.4:80\";proto=https            | 1.2.3.4",
                "proto=https;for=\"[2001:db8::7]:443\";by=10.0.0.1      | 2001:db8::7",
                "for=1.2.3.4, for=_hidden                               | 10.0.0.1",
                "by=1.2.3.4                                             | 10.0.0.1",
            })
    void isReadFromForwardedWhereThatIsSaid(String header, String expected) {
        assertThat(client(behind(ForwardedHeader.FORWARDED), PROXY, "Forwarded", header))
                .isEqualTo(expected);
    }

    @Test
    void isNotReadFromTheOtherHeader() {
        assertThat(client(behind(ForwardedHeader.X_FORWARDED_FOR), PROXY, "Forwarded", "for=1.2.3.4"))
                .isEqualTo(PROXY);
        assertThat(client(behind(ForwardedHeader.FORWARDED), PROXY, "X-Forwarded-For", "1.2.3.4"))
                .isEqualTo(PROXY);
    }

    @Test
    void goesOverSeveralHeadersAsOverOne() {
        var request = MockServerHttpRequest.get("/")
                .remoteAddress(new InetSocketAddress(PROXY, 1))
                .header("X-Forwarded-For", "6.6.6.6", "1.2.3.4")
                .build();
        assertThat(text(new ClientAddress(behind(ForwardedHeader.X_FORWARDED_FOR)).of(request)))
                .isEqualTo("1.2.3.4");
    }

    @Test
    void goesBackABoundedWay() {
        String chain = "6.6.6.6, " + "10.0.0.2, ".repeat(5_000) + "10.0.0.3";
        assertThat(client(behind(ForwardedHeader.X_FORWARDED_FOR), PROXY, "X-Forwarded-For", chain))
                .isEqualTo("10.0.0.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::/129"})
    void refusesSettingsThatAreNoNetwork(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Network.of(text))
                .withMessageContaining("network: %s", text);
    }

    private static String client(EdgeSettings settings, String peer, String header, String value) {
        var request = MockServerHttpRequest.get("/")
                .remoteAddress(new InetSocketAddress(peer, 1))
                .header(header, value)
                .build();
        return text(new ClientAddress(settings).of(request));
    }

    private static String text(@Nullable InetSocketAddress address) {
        String text = Objects.requireNonNull(address).getAddress().getHostAddress();
        return text.replace(":0:0:0:0:0:", "::");
    }

    private static EdgeSettings behind(ForwardedHeader header) {
        return settings(header, "10.0.0.0/8", "fd00::/8");
    }

    private static EdgeSettings settings(ForwardedHeader header, String... trusted) {
        Duration any = Duration.ofSeconds(1);
        return new EdgeSettings(1, any, any, any, List.of(trusted), header, List.of(), Http2Limits.DEFAULT);
    }
}

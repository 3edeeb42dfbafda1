package dev.sluice.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestHeadTest {

    @Test
    void takesOrdinaryOnes() {
        assertThat(RequestHead.isProper(
                        request().add("x", "a b\tc").add("empty", "").add("name", "gr\u00fcn")))
                .isTrue();
        assertThat(RequestHead.isProper(request().method("OPTIONS").path("*"))).isTrue();
        assertThat(RequestHead.isProper(request().authority("[::1]:8080"))).isTrue();
    }

    @Test
    void takesAHostThatSaysTheSameAndDropsIt() {
        Http2Headers both = request().add("host", "EXAMPLE.org");
        assertThat(RequestHead.isProper(both)).isTrue();
        assertThat(both.contains("host")).isFalse();
        Http2Headers only = request();
        only.remove(":authority");
        assertThat(RequestHead.isProper(only)).isFalse();
        assertThat(RequestHead.isProper(only.add("host", "example.org"))).isTrue();
        assertThat(only.contains("host")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":method= ",
                ":method=",
                ":method=GET /x HTTP/1.1\r\nX: y",
                ":method=CONNECT",
                ":path=",
                ":path=x",
                ":path=*",
                ":path=http://other/x",
                ":path=/x y",
                ":path=/x\r\nHost: other",
                ":path=/\u00e4",
                ":path=/\u0000",
                ":scheme=file",
                ":scheme=http\n",
                ":authority=",
                ":authority=me@example.org",
                ":authority=example.org/x",
                ":authority=a,b",
                ":authority=a\r\nb",
                ":protocol=websocket",
                ":status=200",
                "host=other",
                "x=a\r\nb: c",
                "x=a\nb",
                "x=a\u0000",
                "x= a",
                "x=a\t",
                "x=a\u007f",
            })
    void takesNothingThatIsReadInTwoWays(String field) {
        String name = field.substring(0, field.indexOf('=', 1));
        Http2Headers headers = request().set(name, field.substring(name.length() + 1));
        assertThat(RequestHead.isProper(headers)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {":method", ":path", ":scheme", ":authority"})
    void takesNothingThatLacks(String name) {
        Http2Headers headers = request();
        headers.remove(name);
        assertThat(RequestHead.isProper(headers)).isFalse();
    }

    @Test
    void takesNoSecondHostAndNoRequestForTrailers() {
        assertThat(RequestHead.isProper(request().add("host", "example.org").add("host", "example.org")))
                .isFalse();
        assertThat(RequestHead.areTrailers(new DefaultHttp2Headers(false).add("x", "y")))
                .isTrue();
        assertThat(RequestHead.areTrailers(new DefaultHttp2Headers(false).add("x", "y\r\n")))
                .isFalse();
        assertThat(RequestHead.areTrailers(request())).isFalse();
    }

    private static Http2Headers request() {
        return new DefaultHttp2Headers(false)
                .method("GET")
                .scheme("https")
                .authority("example.org")
                .path("/x?y=z");
    }
}

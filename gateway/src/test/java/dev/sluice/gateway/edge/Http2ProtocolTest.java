package dev.sluice.gateway.edge;

import static dev.sluice.gateway.RawHttp2.DATA;
import static dev.sluice.gateway.RawHttp2.END_HEADERS;
import static dev.sluice.gateway.RawHttp2.GOAWAY;
import static dev.sluice.gateway.RawHttp2.HEADERS;
import static dev.sluice.gateway.RawHttp2.PING;
import static dev.sluice.gateway.RawHttp2.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RawClient;
import dev.sluice.gateway.RawHttp2;
import dev.sluice.gateway.RawHttp2.Frame;
import dev.sluice.gateway.http2.Http2Limits;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import reactor.netty.http.HttpProtocol;

/** What the door takes for a request of HTTP/2, how many it takes, and how it says that it takes no more. */
@Timeout(60)
final class Http2ProtocolTest {

    private static final int STREAMS = 4;
    private static final int REQUESTS = 6;
    private static final Http2Limits LIMITS =
            new Http2Limits(STREAMS, REQUESTS, DataSize.ofKilobytes(64), 200, 1000, Duration.ofHours(1));
    private static final List<String> REQUEST =
            List.of(":method", "POST", ":scheme", "http", ":authority", "a", ":path", "/body");

    private Http2Server server;

    @BeforeEach
    void start() {
        server = Http2Server.with(LIMITS, Http2Server.LONG);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Each would be two requests, or another one, to somebody behind who speaks HTTP/1.1. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "transfer-encoding: chunked",
                "connection: keep-alive",
                "keep-alive: 1",
                "proxy-connection: keep-alive",
                "upgrade: h2c",
                "te: gzip",
                "x: a\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a",
                "x: a\n",
                "x: \u0000",
                "x\r\ny: z",
                "x y: z",
                "X: upper",
                ": z",
                ":path: /second",
                ":late: x",
                ":protocol: websocket",
                "host: b",
                "content-length: 1",
                "content-length: -1",
                "content-length: +0",
                "content-length: 0, 7",
            })
    void refusesRequestsThatAreReadInTwoWays(String field) throws IOException {
        int colon = field.indexOf(": ", 0);
        String[] headers = Stream.concat(
                        REQUEST.stream(), Stream.of(field.substring(0, colon), field.substring(colon + 2)))
                .toArray(String[]::new);
        refuses(headers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":path=/x HTTP/1.1\r\nHost: b\r\n\r\nGET /smuggled",
                ":path=/x y",
                ":path=",
                ":path=x",
                ":path=http://b/x",
                ":method=GET /x HTTP/1.1\r\nx: ",
                ":method=CONNECT",
                ":scheme=javascript",
                ":authority=a\r\nx: y",
                ":authority=me@a",
            })
    void refusesPseudoHeadersThatAreReadInTwoWays(String field) throws IOException {
        String name = field.substring(0, field.indexOf('='));
        String[] headers = REQUEST.toArray(String[]::new);
        headers[Arrays.asList(headers).indexOf(name) + 1] = field.substring(name.length() + 1);
        refuses(headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {":method", ":scheme", ":authority", ":path"})
    void refusesRequestsThatLackSomething(String name) throws IOException {
        int at = REQUEST.indexOf(name);
        refuses(Stream.concat(REQUEST.subList(0, at).stream(), REQUEST.subList(at + 2, REQUEST.size()).stream())
                .toArray(String[]::new));
    }

    /** RFC 9113, section 8.3. */
    @Test
    void refusesPseudoHeadersBehindOthers() throws IOException {
        refuses(Stream.concat(Stream.of("x", "y"), REQUEST.stream()).toArray(String[]::new));
    }

    private void refuses(String... headers) throws IOException {
        try (RawHttp2 client = RawHttp2.connected(server.port())) {
            client.headers(1, true, headers);
            Frame end = client.await(frame -> frame.type() == RST_STREAM || frame.type() == GOAWAY);
            assertThat(end.error()).isEqualTo(Http2Error.PROTOCOL_ERROR);
            if (end.type() == RST_STREAM) {
                client.get(3, "/");
                assertThat(client.status(3)).isEqualTo("200");
            }
        }
        assertThat(server.asked).doesNotContain("POST /body").allMatch("GET /"::equals);
    }

    @Test
    void refusesASecondRequestForTrailers() throws IOException {
        try (RawHttp2 client = RawHttp2.connected(server.port())) {
            client.post(1, "/body").data(1, false, "x").headers(1, true, REQUEST.toArray(String[]::new));
            assertThat(client.await(RST_STREAM, 1).error()).isEqualTo(Http2Error.PROTOCOL_ERROR);
            client.post(3, "/body").data(3, false, "x").headers(3, true, "x", "a trailer");
            assertThat(client.await(DATA, 3).text()).isEqualTo("read 1");
        }
        assertThat(server.asked).containsExactly("POST /body", "POST /body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3"})
    void breaksOffARequestWhoseBodyHasAnotherLengthThanItSays(String length) throws IOException {
        try (RawHttp2 client = RawHttp2.connected(server.port())) {
            client.post(1, "/body", "content-length", length).data(1, true, "xx");
            assertThat(client.await(RST_STREAM, 1).error()).isEqualTo(Http2Error.PROTOCOL_ERROR);
            client.get(3, "/");
            assertThat(client.status(3)).isEqualTo("200");
        }
    }

    @Test
    void answersHeadersThatAreTooLargeAndGoesOn() throws IOException {
        try (RawHttp2 client = RawHttp2.connected(server.port())) {
            byte[] block = client.block(Stream.concat(REQUEST.stream(), Stream.of("x", "y".repeat(17_000)))
                    .toArray(String[]::new));
            client.frame(HEADERS, 0, 1, Arrays.copyOf(block, 10_000))
                    .frame(RawHttp2.CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(block, 10_000, block.length));
            assertThat(client.status(1)).isEqualTo("431");
            client.get(3, "/");
            assertThat(client.status(3)).isEqualTo("200");
        }
        assertThat(server.asked).containsExactly("GET /");
    }

    /** RFC 7541, section 4.2: what it would remember of answers is not what the server does. */
    @Test
    void remembersNoMoreOfAnswersThanIsUsual() throws IOException {
        int headerTableSize = 1;
        try (RawHttp2 client = RawHttp2.connected(server.port(), headerTableSize, 1 << 30)) {
            client.get(1, "/").get(3, "/");
            assertThat(client.status(1)).isEqualTo("200");
            assertThat(client.status(3)).isEqualTo("200");
        }
        assertThat(server.headerTables).containsExactly(4096L, 4096L);
    }

    @Test
    void endsAConnectionWhoseHeadersHaveNoEnd() throws IOException {
        try (RawHttp2 client = RawHttp2.connected(server.port())) {
            client.frame(HEADERS, 0, 1, client.block(REQUEST.toArray(String[]::new)));
            byte[] more = client.block("x", "y".repeat(8000));
            for (int i = 0; i < 4; i++) {
                client.frame(RawHttp2.CONTINUATION, 0, 1, more);
            }
            List<Frame> frames = client.untilClosed();
            assertThat(frames.getLast().type()).isEqualTo(GOAWAY);
            assertThat(frames.getLast().error()).isNotEqualTo(Http2Error.NO_ERROR);
        }
        assertThat(server.asked).isEmpty();
    }

    @Test
    void refusesStreamsAboveTheBoundOfTheirConnection() throws IOException {
        try (RawHttp2 client = RawHttp2.connected(server.port())) {
            for (int i = 0; i <= STREAMS; i++) {
                client.get(2 * i + 1, "/silent");
            }
            Frame refused = client.await(frame -> frame.type() == RST_STREAM);
            assertThat(refused.stream()).isEqualTo(2 * STREAMS + 1);
            assertThat(refused.error()).isEqualTo(Http2Error.REFUSED_STREAM);
            client.reset(1).get(101, "/");
            assertThat(client.status(101)).isEqualTo("200");
        }
    }

    @Test
    void refusesStreamsAboveTheBoundOfAllConnections() throws IOException {
        try (RawHttp2 one = RawHttp2.connected(server.port());
                RawHttp2 other = RawHttp2.connected(server.port())) {
            for (int i = 0; i < REQUESTS / 2; i++) {
                one.get(2 * i + 1, "/stream");
                assertThat(one.status(2 * i + 1)).isEqualTo("200");
                other.get(2 * i + 1, "/stream");
                assertThat(other.status(2 * i + 1)).isEqualTo("200");
            }
            other.get(101, "/");
            assertThat(other.await(RST_STREAM, 101).error()).isEqualTo(Http2Error.REFUSED_STREAM);
            one.reset(1).frame(PING, 0, 0, new byte[8]);
            one.await(PING, 0);
            other.get(103, "/");
            assertThat(other.status(103)).isEqualTo("200");
        }
        assertThat(server.cut("full")).isEqualTo(1);
    }

    /** RFC 9113, section 6.8: the first says that there is to be no more, the second which was the last. */
    @Test
    void letsAnOldConnectionFinishAndTakesWhatWasUnderWay() throws IOException {
        Http2Limits brief = new Http2Limits(STREAMS, REQUESTS, DataSize.ofKilobytes(64), 200, 1000, Http2Server.SHORT);
        // It looks as often at how old a connection is as at how slow its client is.
        try (var aging = Http2Server.with(brief, Http2Server.SHORT);
                RawHttp2 client = RawHttp2.connected(aging.port())) {
            client.get(1, "/later");
            Frame first = client.await(GOAWAY, 0);
            assertThat(first.error()).isEqualTo(Http2Error.NO_ERROR);
            assertThat(first.lastStream()).isEqualTo(Integer.MAX_VALUE);
            Frame ping = client.await(PING, 0);
            client.get(3, "/").frame(PING, 1, 0, ping.payload().array());
            assertThat(client.status(3)).isEqualTo("200");
            assertThat(client.await(GOAWAY, 0).lastStream()).isEqualTo(3);
            client.get(5, "/");
            assertThat(client.await(DATA, 1).text()).isEqualTo("late");
            assertThat(client.untilClosed()).noneMatch(frame -> frame.stream() == 5);
            assertThat(aging.asked).containsExactly("GET /later", "GET /");
        }
    }

    @Test
    void leavesNothingBehindOnAConnectionOfHttp11() throws IOException {
        String get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        try (var plain = new Http2Server(LIMITS, Http2Server.LONG, Duration.ofMinutes(1), HttpProtocol.HTTP11);
                RawClient there = new RawClient(plain.port());
                RawClient here = new RawClient(server.port());
                RawHttp2 other = RawHttp2.connected(server.port())) {
            assertThat(there.send(get).readUntil("hello")).contains("200");
            assertThat(here.send("G").send(get.substring(1)).readUntil("hello")).contains("200");
            assertThat(server.pipelines.remove()).isEqualTo(plain.pipelines.remove());
            other.get(1, "/");
            assertThat(other.status(1)).isEqualTo("200");
        }
    }

    @Test
    void takesAnOfferToUpgradeForARequestOfHttp11() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            String offer = "Connection: Upgrade, HTTP2-Settings|Upgrade: h2c|HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA";
            client.send("GET / HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n".formatted(offer.replace("|", "\r\n")));
            assertThat(client.readUntil("hello")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void takesUploadsThatAreLargerThanTheWindow() throws IOException {
        try (RawHttp2 client = RawHttp2.connected(server.port())) {
            client.post(1, "/body");
            int left = 300_000;
            int window = 64 * 1024 - 16;
            while (left > 0) {
                while (window < 16_000) {
                    Frame update = client.await(RawHttp2.WINDOW_UPDATE, 1);
                    window += ByteBuffer.wrap(update.payload().array()).getInt();
                }
                left -= 10_000;
                window -= 10_000;
                client.data(1, left == 0, "x".repeat(10_000));
            }
            assertThat(client.await(DATA, 1).text()).isEqualTo("read 300000");
        }
    }
}

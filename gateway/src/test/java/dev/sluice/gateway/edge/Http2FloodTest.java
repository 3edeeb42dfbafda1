package dev.sluice.gateway.edge;

import static dev.sluice.gateway.RawHttp2.CONTINUATION;
import static dev.sluice.gateway.RawHttp2.DATA;
import static dev.sluice.gateway.RawHttp2.GOAWAY;
import static dev.sluice.gateway.RawHttp2.HEADERS;
import static dev.sluice.gateway.RawHttp2.PING;
import static dev.sluice.gateway.RawHttp2.PRIORITY;
import static dev.sluice.gateway.RawHttp2.SETTINGS;
import static dev.sluice.gateway.RawHttp2.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RawHttp2;
import dev.sluice.gateway.RawHttp2.Frame;
import dev.sluice.gateway.http2.Http2Limits;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** Clients of HTTP/2 who make work and bring nothing: their connection ends, and says why. */
@Timeout(60)
final class Http2FloodTest {

    private static final int OVERHEAD = 200;
    private static final int RESETS = 50;
    private static final Http2Limits LIMITS =
            new Http2Limits(4, 100, DataSize.ofKilobytes(64), RESETS, OVERHEAD, Duration.ofHours(1));

    private Http2Server server;

    @BeforeEach
    void start() {
        server = Http2Server.with(LIMITS, Http2Server.LONG);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    enum Flood {
        PINGS,
        SETTINGS_FRAMES,
        PRIORITIES,
        UNKNOWN_FRAMES,
        WINDOW_UPDATES,
        EMPTY_BODIES,
        EMPTY_HEADERS;

        void pour(RawHttp2 client) throws IOException {
            byte[] one = ByteBuffer.allocate(4).putInt(1).array();
            switch (this) {
                case PINGS -> client.frames(OVERHEAD + 1, PING, 0, 0, new byte[8]);
                case SETTINGS_FRAMES -> client.frames(OVERHEAD + 1, SETTINGS, 0, 0);
                case PRIORITIES -> client.frames(OVERHEAD + 1, PRIORITY, 0, 7, new byte[5]);
                case UNKNOWN_FRAMES -> client.frames(OVERHEAD + 1, 0x77, 0, 0, new byte[10]);
                case WINDOW_UPDATES -> client.frames(OVERHEAD + 100, WINDOW_UPDATE, 0, 0, one);
                case EMPTY_BODIES -> client.post(1, "/body").frames(OVERHEAD + 1, DATA, 0, 1);
                case EMPTY_HEADERS ->
                    client.frame(HEADERS, 0, 1, client.block(":method", "GET")).frames(100, CONTINUATION, 0, 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void ends(Flood flood) throws IOException {
        try (RawHttp2 client = RawHttp2.connected(server.port())) {
            flood.pour(client);
            assertCalmed(client.untilClosed());
        }
        assertThat(server.cut("flood")).isEqualTo(1);
    }

    /** CVE-2023-44487. */
    @Test
    void endsForRequestsThatAreTakenBackAtOnce() throws IOException {
        try (RawHttp2 client = RawHttp2.connected(server.port())) {
            for (int i = 0; i <= RESETS; i++) {
                client.get(2 * i + 1, "/silent").reset(2 * i + 1);
            }
            assertCalmed(client.untilClosed());
        }
        assertThat(server.asked).hasSizeLessThanOrEqualTo(RESETS + 1);
    }

    /** CVE-2025-8671: the client makes the server take them back. */
    @Test
    void endsForRequestsThatMakeTheServerBreakThemOff() throws IOException {
        try (RawHttp2 client = RawHttp2.connected(server.port())) {
            for (int i = 0; i <= RESETS; i++) {
                client.get(2 * i + 1, "/silent").frame(WINDOW_UPDATE, 0, 2 * i + 1, new byte[4]);
            }
            assertCalmed(client.untilClosed());
        }
    }

    @Test
    void leavesAClientAloneThatReadsMuchInSmallSteps() {
        Long read = HttpClient.newConnection()
                .protocol(HttpProtocol.H2C)
                .http2Settings(settings -> settings.initialWindowSize(1024))
                .get()
                .uri("http://127.0.0.1:" + server.port() + "/flood")
                .responseContent()
                .map(part -> (long) part.readableBytes())
                .scan(Long::sum)
                .takeUntil(bytes -> bytes > 20_000_000)
                .last()
                .block(Duration.ofSeconds(40));
        assertThat(read).isGreaterThan(20_000_000L);
    }

    @Test
    void leavesAClientAloneThatAsksMuch() {
        HttpClient client = HttpClient.newConnection().protocol(HttpProtocol.H2C);
        for (int i = 0; i < 3 * OVERHEAD; i++) {
            String answer = client.post()
                    .uri("http://127.0.0.1:" + server.port() + "/body")
                    .send(Mono.empty())
                    .responseSingle((head, body) -> body.asString())
                    .block(Duration.ofSeconds(10));
            assertThat(answer).isEqualTo("read 0");
        }
        assertThat(server.cut("flood")).isZero();
    }

    private static void assertCalmed(List<Frame> frames) {
        List<Frame> last =
                frames.stream().filter(frame -> frame.type() == GOAWAY).toList();
        assertThat(last).isNotEmpty();
        assertThat(last.getLast().error()).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }
}

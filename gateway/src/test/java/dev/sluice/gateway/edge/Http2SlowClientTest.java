package dev.sluice.gateway.edge;

import static dev.sluice.gateway.RawHttp2.DATA;
import static dev.sluice.gateway.RawHttp2.GOAWAY;
import static dev.sluice.gateway.RawHttp2.HEADERS;
import static dev.sluice.gateway.RawHttp2.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RawClient;
import dev.sluice.gateway.RawHttp2;
import dev.sluice.gateway.RawHttp2.Frame;
import dev.sluice.gateway.http2.Http2Limits;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;
import reactor.netty.http.HttpProtocol;

/** Clients of HTTP/2 who take their time: their stream is cut off, and the others of their connection go on. */
@Timeout(60)
final class Http2SlowClientTest {

    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int LARGE = 1 << 30;
    private static final Http2Limits LIMITS =
            new Http2Limits(10, 100, DataSize.ofKilobytes(64), 100, 1000, Duration.ofHours(1));

    private Http2Server server;

    @BeforeEach
    void start() {
        server = Http2Server.with(LIMITS, Http2Server.SHORT);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void closesAConnectionWhosePrefaceTrickles() throws IOException {
        try (RawClient slow = new RawClient(server.port())) {
            slow.send("PRI * HT");
            assertThat(slow.readUntil("\0")).isEmpty();
        }
    }

    @Test
    void closesAConnectionWhoseHeadersTrickle() throws IOException {
        try (RawHttp2 slow = RawHttp2.connected(server.port())) {
            byte[] frame = {0, 0, 100, HEADERS, 5, 0, 0, 0, 1};
            slow.get(1, "/stream").bytes(frame);
            // What is streamed may still come behind it.
            assertThat(trickle(slow))
                    .filteredOn(each -> each.type() == GOAWAY)
                    .extracting(Frame::error)
                    .containsExactly(Http2Error.ENHANCE_YOUR_CALM);
        }
        assertThat(server.cut("slow-headers")).isEqualTo(1);
    }

    @Test
    void closesAConnectionWhoseHeadersLackTheirEnd() throws IOException {
        try (RawHttp2 slow = RawHttp2.connected(server.port())) {
            slow.frame(HEADERS, 0, 1, slow.block(":method", "GET"));
            assertThat(slow.await(GOAWAY, 0).error()).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
            assertThat(slow.untilClosed()).isEmpty();
        }
        assertThat(server.asked).isEmpty();
    }

    /** Of a request that is on its way nobody can say that there is none. One that came too late for that is tried again. */
    @Test
    void closesItForThatAlsoWhenTheHeadersCameLate() throws IOException {
        Late last;
        int attempts = 0;
        do {
            last = late();
            attempts++;
        } while (last.error == Http2Error.NO_ERROR && last.sent.toMillis() > 400 && attempts < 10);
        assertThat(last.error).as("after %d attempts: %s", attempts, last).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    /** With which error a connection ended, and when its headers had been sent. */
    private record Late(Http2Error error, Duration sent) {}

    private Late late() throws IOException {
        long began = System.nanoTime();
        try (RawHttp2 slow = RawHttp2.connected(server.port())) {
            LockSupport.parkNanos(Http2Server.SHORT.dividedBy(2).toNanos());
            slow.frame(HEADERS, 0, 1, slow.block(":method", "GET"));
            Duration sent = Duration.ofNanos(System.nanoTime() - began);
            return new Late(slow.await(GOAWAY, 0).error(), sent);
        }
    }

    @Test
    void saysGoodbyeToAConnectionWithoutARequest() throws IOException {
        try (RawHttp2 idle = RawHttp2.connected(server.port())) {
            assertThat(idle.await(GOAWAY, 0).error()).isEqualTo(Http2Error.NO_ERROR);
            assertThat(idle.await(GOAWAY, 0).lastStream()).isZero();
            assertThat(idle.untilClosed()).isEmpty();
        }
    }

    @Test
    void saysGoodbyeToAConnectionThatHasNoMoreRequestsHoweverOftenItPings() throws IOException {
        try (var brief = new Http2Server(
                        LIMITS, Http2Server.SHORT, Http2Server.SHORT, HttpProtocol.HTTP11, HttpProtocol.H2C);
                RawHttp2 idle = RawHttp2.connected(brief.port())) {
            idle.get(1, "/");
            idle.await(Frame::isEnd);
            Frame next;
            do {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                idle.frame(RawHttp2.PING, 0, 0, new byte[8]);
                next = idle.await(frame -> frame.type() == GOAWAY || frame.type() == RawHttp2.PING);
            } while (next.type() != GOAWAY);
            assertThat(next.error()).isEqualTo(Http2Error.NO_ERROR);
        }
    }

    @Test
    void leavesAConnectionAloneWhoseStreamIsSilent() throws IOException {
        try (var brief = new Http2Server(
                        LIMITS, Http2Server.SHORT, Http2Server.SHORT, HttpProtocol.HTTP11, HttpProtocol.H2C);
                RawHttp2 patient = RawHttp2.connected(brief.port());
                RawHttp2 other = RawHttp2.connected(brief.port())) {
            patient.get(1, "/silent");
            // Another connection becomes idle meanwhile, and ends.
            other.get(1, "/");
            assertThat(other.untilClosed()).isNotEmpty();
            patient.get(3, "/");
            assertThat(patient.status(3)).isEqualTo("200");
        }
    }

    @Test
    void resetsAStreamWhoseBodyTricklesAndNoOther() throws IOException {
        try (RawHttp2 slow = RawHttp2.connected(server.port())) {
            slow.get(1, "/stream").post(3, "/body").data(3, false, "x");
            assertThat(slow.await(RST_STREAM, 3).error()).isEqualTo(Http2Error.CANCEL);
            assertThat(slow.await(DATA, 1).text()).startsWith("data");
        }
        assertThat(server.cut("slow-stream")).isEqualTo(1);
    }

    /** The neighbours' windows are open, and so is that of the connection. */
    @Test
    void resetsAStreamThatNobodyReadsAndNoOther() throws Exception {
        try (RawHttp2 slow = RawHttp2.connected(server.port(), INITIAL_WINDOW_SIZE, 10)) {
            slow.open(0, LARGE).get(1, "/flood").get(3, "/stream").open(3, LARGE);
            assertThat(slow.await(RST_STREAM, 1).error()).isEqualTo(Http2Error.CANCEL);
            assertThat(slow.await(DATA, 3).text()).startsWith("data");
            assertThat(server.floodCancelled.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** It is all written, and fits into any buffer; and so it would stay there (CVE-2019-9517). */
    @Test
    void resetsAStreamWhoseSmallAnswerNobodyReads() throws IOException {
        try (RawHttp2 slow = RawHttp2.connected(server.port(), INITIAL_WINDOW_SIZE, 0)) {
            slow.get(1, "/");
            assertThat(slow.status(1)).isEqualTo("200");
            assertThat(slow.await(RST_STREAM, 1).error()).isEqualTo(Http2Error.CANCEL);
        }
    }

    @Test
    void closesAConnectionThatIsNotReadAtAll() throws Exception {
        try (RawHttp2 stuck = RawHttp2.connected(server.port(), INITIAL_WINDOW_SIZE, LARGE)) {
            stuck.open(0, LARGE).get(1, "/flood").get(3, "/silent");
            assertThat(server.silenceCancelled.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.floodCancelled.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(server.cut("slow-connection")).isEqualTo(1);
    }

    @Test
    void breaksOffTheRestOfARequestThatIsAnsweredWithoutBlame() throws IOException {
        try (RawHttp2 client = RawHttp2.connected(server.port())) {
            client.post(1, "/refuse", "content-length", "100000").data(1, false, "x");
            assertThat(client.status(1)).isEqualTo("401");
            assertThat(client.await(RST_STREAM, 1).error()).isEqualTo(Http2Error.NO_ERROR);
            client.data(1, false, "what was under way").get(3, "/");
            assertThat(client.status(3)).isEqualTo("200");
        }
    }

    private static List<Frame> trickle(RawHttp2 slow) {
        Thread drip = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    slow.bytes((byte) 0x20);
                    LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
                }
            } catch (IOException closed) {
                // As it is to be.
            }
        });
        try {
            return slow.untilClosed();
        } finally {
            drip.interrupt();
        }
    }
}

package dev.sluice.executor.call.grpc;

import static dev.sluice.executor.call.grpc.Calling.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.call.grpc.OddServer.Answer;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.shared.json.Json;
import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What becomes of answers that no server of gRPC gives. */
@Timeout(60)
final class OddAnswersTest {

    private static final String[] GRPC = {"content-type", "application/grpc"};
    /** A struct in which n is true. */
    private static final int[] MESSAGE = {0, 0, 0, 0, 9, 10, 7, 10, 1, 'n', 18, 2, 32, 1};

    private final Calling calling = new Calling(ThingsServer.PROTO);

    @AfterEach
    void close() {
        calling.close();
    }

    private static String with(int port, String method) {
        return """
                service: { name: things.v1.Things, host: 127.0.0.1, port: %d }
                method: %s
                """.formatted(port, method);
    }

    static Stream<Arguments> unknown() {
        return Stream.of(
                odd(
                        "not gRPC",
                        answer -> answer.head(false, "content-type", "text/html")
                                .data('<')
                                .trailers("grpc-status", "0"),
                        "not of gRPC"),
                odd("no content type", answer -> answer.head(true), "not of gRPC"),
                odd(
                        "another like it",
                        answer -> answer.head(true, "content-type", "application/grpc-web", "grpc-status", "0"),
                        "not of gRPC"),
                odd(
                        "no status",
                        answer -> answer.head(false, GRPC).data(MESSAGE).trailers("a", "b"),
                        "has no status"),
                odd("no trailers", answer -> answer.head(true, GRPC), "has no status"),
                odd(
                        "status is no number",
                        answer -> answer.head(false, GRPC).trailers("grpc-status", "ok"),
                        "has no status"),
                odd("reset at once", answer -> answer.reset(Http2Error.INTERNAL_ERROR), "lost"),
                odd(
                        "reset in between",
                        answer -> answer.head(false, GRPC).data(MESSAGE).reset(Http2Error.CANCEL),
                        "lost"),
                odd("hung up", answer -> answer.head(false, GRPC).data(MESSAGE).hangUp(), "lost"),
                body("cut off in its prefix", "cut off", 0, 0, 0),
                body("longer than it says", "cut off", 0, 0, 0, 0, 9, 10),
                body("giant", "cut off", 0, 0x7f, 0xff, 0xff, 0xff, 1),
                body("giant and negative", "cut off", 0, 0xff, 0xff, 0xff, 0xff, 1),
                body("compressed", "compressed", 1, 0, 0, 0, 0),
                body("no message", "0 messages rather than one"),
                body("two messages", "2 messages rather than one", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                body("no struct", "it is no google.protobuf.Struct", 0, 0, 0, 0, 2, 10, 100),
                body("a group that does not end", "it is no google.protobuf.Struct", 0, 0, 0, 0, 1, 0x1b));
    }

    static Stream<Arguments> known() {
        return Stream.of(
                odd(
                        "bad gateway",
                        answer -> answer.status("502", true, "content-type", "text/plain"),
                        502,
                        "status 502 of HTTP"),
                odd("not found", answer -> answer.status("404", false).data('x').trailers(), 404, "status 404 of HTTP"),
                odd(
                        "status of tomorrow",
                        answer -> answer.head(true, "content-type", "application/grpc", "grpc-status", "99"),
                        500,
                        "UNKNOWN"),
                odd(
                        "trailers alone",
                        answer -> answer.head(
                                true,
                                "content-type",
                                "application/grpc+proto",
                                "grpc-status",
                                "5",
                                "grpc-message",
                                "no%20thing%"),
                        404,
                        "NOT_FOUND: no thing%"),
                odd(
                        "a long message",
                        answer -> answer.head(
                                true,
                                "content-type",
                                "application/grpc",
                                "grpc-status",
                                "5",
                                "grpc-message",
                                "x".repeat(5000)),
                        404,
                        "NOT_FOUND: (a message of more than 500 characters, which is left out)"));
    }

    private static Arguments odd(String name, UnaryOperator<Answer> script, Object... expected) {
        return expected.length == 1
                ? Arguments.of(name, script, expected[0])
                : Arguments.of(name, script, expected[0], expected[1]);
    }

    private static Arguments body(String name, String detail, int... body) {
        UnaryOperator<Answer> script =
                answer -> answer.head(false, GRPC).data(body).trailers("grpc-status", "0");
        return Arguments.of(name, script, detail);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unknown")
    void leaveItOpenWhatWasDone(String name, UnaryOperator<Answer> script, String detail) {
        try (OddServer server = new OddServer(script)) {
            CallFailure failure = calling.failure(with(server.port(), "Echo"), Json.object());

            fails(failure, 502, detail);
            assertThat(failure.unknown()).isTrue();
            assertThat(server.asked).hasValue(1);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("known")
    void areAnswersAllTheSame(String name, UnaryOperator<Answer> script, int status, String detail) {
        try (OddServer server = new OddServer(script)) {
            CallFailure failure = calling.failure(with(server.port(), "Echo"), Json.object());

            fails(failure, status, detail);
            assertThat(failure.error().detail()).hasSizeLessThan(600);
            assertThat(failure.unknown()).isFalse();
        }
    }

    private static void fails(CallFailure failure, int status, String detail) {
        assertThat(failure.error().type()).endsWith("/errors/communication");
        assertThat(failure.error().detail()).contains(detail);
        assertThat(failure.error().status()).isEqualTo(status);
    }

    @Test
    void areReadWhereverTheyAreCut() {
        UnaryOperator<Answer> script = answer -> {
            Answer last = answer.head(false, GRPC);
            for (int each : MESSAGE) {
                last = last.data(each);
            }
            return last.trailers("grpc-status", "0");
        };
        try (OddServer server = new OddServer(script)) {
            assertThat(calling.result(with(server.port(), "Echo"), Json.object()))
                    .isEqualTo(json("{\"n\":true}"));
        }
    }

    @Test
    void areFollowedByAnotherTryWhenNothingWasDone() {
        AtomicInteger visits = new AtomicInteger();
        UnaryOperator<Answer> script = answer -> visits.incrementAndGet() == 1
                ? answer.reset(Http2Error.REFUSED_STREAM)
                : answer.head(false, GRPC).data(MESSAGE).trailers("grpc-status", "0");
        try (OddServer server = new OddServer(script)) {
            assertThat(calling.result(with(server.port(), "Echo"), Json.object()))
                    .isEqualTo(json("{\"n\":true}"));
            assertThat(server.asked).hasValue(2);
        }
    }

    @Test
    void mayComeBeforeEverythingIsSaid() {
        UnaryOperator<Answer> script = answer -> answer.head(
                        true, "content-type", "application/grpc", "grpc-status", "8", "grpc-message", "too much")
                .reset(Http2Error.NO_ERROR);
        try (OddServer server = new OddServer(script, true)) {
            String with = with(server.port(), "Echo") + "arguments: '${ . }'\n";

            fails(
                    calling.failure(with, Json.object().put("large", "x".repeat(4 << 20))),
                    429,
                    "RESOURCE_EXHAUSTED: too much");
        }
    }

    @Test
    void areOfAnotherProtocol() {
        DisposableServer http1 = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> response.sendString(reactor.core.publisher.Mono.just("hello")))
                .bindNow();
        try {
            CallFailure failure = calling.failure(with(http1.port(), "Echo"), Json.object());

            assertThat(failure.error().type()).endsWith("/errors/communication");
            assertThat(failure.error().status()).isEqualTo(502);
        } finally {
            http1.disposeNow(Calling.DEADLINE);
        }
    }

    @Test
    void haveMoreValuesThanFitIntoMemory() {
        // Each a list of nothing, in two bytes.
        int[] body = new int[5 + 2_100_000];
        int length = body.length - 5;
        for (int i = 0; i < 4; i++) {
            body[1 + i] = length >>> (24 - 8 * i) & 0xff;
        }
        for (int i = 5; i < body.length; i += 2) {
            body[i] = 10;
        }
        UnaryOperator<Answer> script =
                answer -> answer.head(false, GRPC).data(body).trailers("grpc-status", "0");
        try (OddServer server = new OddServer(script)) {
            CallFailure failure = calling.failure(with(server.port(), "Echo"), Json.object());

            fails(failure, 502, "more than 1000000 values");
            assertThat(failure.unknown()).isFalse();
        }
    }

    @Test
    void areReadElsewhereThanTheyCameWhenThatTakesLong() {
        // Members without a name, each in two bytes.
        int[] body = new int[5 + 20_000];
        body[3] = 20_000 >>> 8;
        body[4] = 20_000 & 0xff;
        for (int i = 5; i < body.length; i += 2) {
            body[i] = 10;
        }
        UnaryOperator<Answer> script =
                answer -> answer.head(false, GRPC).data(body).trailers("grpc-status", "0");
        try (OddServer server = new OddServer(script)) {
            String thread = calling.call(with(server.port(), "Echo"), Json.object())
                    .map(output -> Thread.currentThread().getName())
                    .block(Calling.DEADLINE);

            assertThat(thread).startsWith("parallel-");
        }
    }
}

package dev.sluice.executor.call.grpc;

import static dev.sluice.executor.call.grpc.Calling.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.ConnectTo;
import dev.sluice.shared.outbound.TrustedCertificates;
import dev.sluice.shared.testing.TestTls;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Calls over sockets to a server of gRPC's own making. */
@Timeout(60)
final class GrpcCallsTest {

    private final ThingsServer server = new ThingsServer();
    private final Calling calling = new Calling(ThingsServer.PROTO);

    @AfterEach
    void close() {
        calling.close();
        server.close();
    }

    private String with(String method, String arguments) {
        return with("", method, arguments);
    }

    private String with(String authentication, String method, String arguments) {
        return """
                service: { name: things.v1.Things, host: 127.0.0.1, port: %d%s }
                method: %s
                arguments: %s
                """.formatted(server.port(), authentication, method, arguments);
    }

    @Test
    void giveOneMessageAndTakeOne() {
        JsonNode input = json("{\"who\":\"jo\",\"list\":[1,2.5,null,{\"a\":true}]}");

        assertThat(calling.result(with("Echo", "{ said: '${ .who }', all: '${ .list }', fixed: ünï }"), input))
                .isEqualTo(json("{\"said\":\"jo\",\"all\":[1,2.5,null,{\"a\":true}],\"fixed\":\"ünï\"}"));
        assertThat(calling.result(with("Echo", "'${ {given: .} }'"), input))
                .isEqualTo(Json.object().set("given", input));
    }

    @Test
    void sayOnWhoseBehalfAndHowLongTheyWait() {
        var _ = calling.result(with(", authentication: { bearer: { token: t0ken } }", "Echo", "{}"), Json.object());

        Metadata asked = server.asked.remove();
        assertThat(header(asked, "authorization")).isEqualTo("Bearer t0ken");
        assertThat(header(asked, "idempotency-key")).isEqualTo("the-key");
        assertThat(header(asked, "traceparent"))
                .startsWith("00-0af7651916cd43dd8448eb211c80319c-")
                .doesNotContain("b7ad6b7169203331");
        assertThat(server.deadlines.remove()).isPositive().isLessThanOrEqualTo(Calling.DEADLINE.toMillis());
    }

    private static String header(Metadata metadata, String name) {
        return Objects.requireNonNull(metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
    }

    @Test
    void takeAStream() {
        JsonNode counted = calling.result(with("Count", "{ n: 3 }"), Json.object());

        assertThat(counted.isArray()).isTrue();
        assertThat(counted.valueStream().map(each -> each.path("n").intValue())).containsExactly(0, 1, 2);
        assertThat(calling.result(with("Count", "{ n: 0 }"), Json.object())).isEqualTo(Json.array());
    }

    @Test
    void giveAStream() {
        JsonNode input = json("{\"all\":[{\"n\":1},{\"n\":2},{\"n\":39}]}");

        assertThat(calling.result(with("Sum", "'${ .all }'"), input).path("sum").intValue())
                .isEqualTo(42);
        assertThat(calling.result(with("Sum", "[ { n: 4 }, { n: '${ .all | length }' } ]"), input)
                        .path("sum")
                        .intValue())
                .isEqualTo(7);
        assertThat(calling.result(with("Sum", "{ n: 5 }"), input).path("sum").intValue())
                .isEqualTo(5);
        assertThat(calling.result(with("Sum", "[]"), input).path("sum").intValue())
                .isZero();
    }

    @Test
    void giveAndTakeStreams() {
        JsonNode input = Json.object();
        JsonNode said = calling.result(with("Chat", "[ { a: 1 }, { b: 2 } ]"), input);

        assertThat(said).isEqualTo(json("[{\"a\":1},{\"a\":1},{\"b\":2},{\"b\":2}]"));
    }

    @Test
    void carryLargeMessagesEitherWay() {
        String large = "ä".repeat(1 << 20);
        JsonNode input = Json.object().put("large", large);

        assertThat(calling.result(with("Echo", "'${ . }'"), input).path("large").stringValue())
                .isEqualTo(large);
        assertThat(calling.result(with("Count", "{ n: 60, size: 100000 }"), input)
                        .size())
                .isEqualTo(60);
    }

    @Test
    void endAtTheBoundOfBytesAndOfMessages() {
        fails(calling.failure(with("Count", "{ n: 100, size: 100000 }"), Json.object()), 502, "larger than allowed");
        fails(calling.failure(with("Count", "{ n: 10001 }"), Json.object()), 502, "more than 10000 messages");
    }

    private static void fails(CallFailure failure, int status, String detail) {
        assertThat(failure.error().type()).endsWith("/errors/communication");
        assertThat(failure.error().status()).isEqualTo(status);
        assertThat(failure.error().detail()).contains(detail);
        assertThat(failure.unknown()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 499, CANCELLED",
        "2, 500, UNKNOWN",
        "3, 400, INVALID_ARGUMENT",
        "5, 404, NOT_FOUND",
        "6, 409, ALREADY_EXISTS",
        "7, 403, PERMISSION_DENIED",
        "8, 429, RESOURCE_EXHAUSTED",
        "9, 400, FAILED_PRECONDITION",
        "10, 409, ABORTED",
        "11, 400, OUT_OF_RANGE",
        "12, 501, UNIMPLEMENTED",
        "13, 500, INTERNAL",
        "14, 503, UNAVAILABLE",
        "15, 500, DATA_LOSS",
        "16, 401, UNAUTHENTICATED"
    })
    void endWithWhatTheServerSays(int code, int status, String name) {
        fails(
                calling.failure(with("Fail", "{ code: " + code + ", message: 'ünï %41\nx' }"), Json.object()),
                status,
                name + ": ünï %41 x");
        assertThat(Status.fromCodeValue(code).getCode().name()).isEqualTo(name);
    }

    @Test
    void sayNothingThatWasTheirs() {
        fails(
                calling.failure(
                        with(
                                ", authentication: { bearer: { token: s3cret-token } }",
                                "Fail",
                                "{ code: 7, message: 's3cret-token is wrong' }"),
                        Json.object()),
                403,
                "*** is wrong");
        assertThat(calling.result(
                        with(", authentication: { basic: { username: jo, password: longer } }", "Echo", "{ a: jo }"),
                        Json.object()))
                .isEqualTo(json("{\"a\":\"jo\"}"));
    }

    @Test
    void timeOutWhenTheServerSaysSo() {
        CallFailure failure = calling.failure(with("Fail", "{ code: 4, message: late }"), Json.object());

        assertThat(failure.error().type()).endsWith("/errors/timeout");
        assertThat(failure.error().status()).isEqualTo(408);
        assertThat(failure.unknown()).isTrue();
    }

    @Test
    void endWithAnErrorAmidAStream() {
        fails(
                calling.failure(with("Count", "{ n: 3, code: 8, message: enough }"), Json.object()),
                429,
                "RESOURCE_EXHAUSTED: enough");
    }

    @Test
    void endAtTheirDeadline() throws InterruptedException {
        assertThat(calling.result(with("Echo", "{ first: call }"), Json.object()))
                .isEqualTo(json("{\"first\":\"call\"}"));
        server.deadlines.clear();

        CallFailure failure =
                Calling.failure(calling.call(with("Slow", "{}"), Json.object(), Duration.ofSeconds(3), () -> true));

        assertThat(failure.error().type()).endsWith("/errors/timeout");
        assertThat(failure.unknown()).isTrue();
        assertThat(server.deadlines.remove()).isLessThanOrEqualTo(3_000);
        assertThat(server.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cancelTheWorkThere() throws InterruptedException {
        var call = calling.call(with("Slow", "{}"), Json.object()).subscribe(output -> {}, error -> {});
        assertThat(server.slow.await(10, TimeUnit.SECONDS)).isTrue();

        call.dispose();

        assertThat(server.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(calling.result(with("Echo", "{ still: there }"), Json.object()))
                .isEqualTo(json("{\"still\":\"there\"}"));
    }

    @Test
    void areNotSentByWhoMayNotMakeThem() {
        StepVerifier.create(calling.call(with("Echo", "{}"), Json.object(), Calling.DEADLINE, () -> false))
                .expectError(FencedException.class)
                .verify(Calling.DEADLINE);
        assertThat(server.asked).isEmpty();
    }

    @Test
    void shareAConnection() {
        List<JsonNode> inputs = IntStream.range(0, 200)
                .<JsonNode>mapToObj(n -> Json.object().put("n", n))
                .toList();

        Flux.fromIterable(inputs)
                .flatMap(input -> calling.call(with("Echo", "'${ . }'"), input), 200)
                .collectList()
                .as(StepVerifier::create)
                .assertNext(outputs -> assertThat(outputs).containsExactlyInAnyOrderElementsOf(inputs))
                .expectComplete()
                .verify(Calling.DEADLINE);
    }

    @Test
    void sayWhatIsWrongWithTheirArguments() {
        CallFailure failure = calling.failure(with("Echo", "'${ [.] }'"), Json.object());

        assertThat(failure.error().type()).endsWith("/errors/expression");
        assertThat(failure.error().detail()).contains("arguments must be an object");
        assertThat(calling.failure(with("Echo", "'${ 1 }'"), Json.object())
                        .error()
                        .detail())
                .contains("are not an object");
        assertThat(server.asked).isEmpty();
    }

    @Test
    void sayThatNobodyIsThere() {
        server.close();

        fails(calling.failure(with("Echo", "{}"), Json.object()), 502, "could not be connected to");
    }

    @Test
    void areUnderstoodByAServiceThatComesWithGrpc() throws IOException {
        server.health.setStatus("things", ServingStatus.NOT_SERVING);
        try (Calling health = new Calling(health())) {
            String check = """
                    service: { name: Health, host: 127.0.0.1, port: %d }
                    method: Check
                    arguments: { service: '${ .name }' }
                    """.formatted(server.port());

            assertThat(health.result(check, Json.object().put("name", "things")))
                    .isEqualTo(json("{\"status\":\"NOT_SERVING\"}"));
            fails(health.failure(check, Json.object().put("name", "other")), 404, "NOT_FOUND: unknown service");
        }
    }

    private static String health() throws IOException {
        try (InputStream file = Objects.requireNonNull(
                GrpcCallsTest.class.getClassLoader().getResourceAsStream("grpc/health/v1/health.proto"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void speakTlsWhereNoPortIsNamed(@TempDir Path folder) {
        TestTls tls = TestTls.named(folder, "things", List.of("things.example"));
        TrustedCertificates trusted = TrustedCertificates.in(
                tls.certificate(folder.resolve("things.pem")).toString());
        try (ThingsServer secure = new ThingsServer(tls);
                Calling elsewhere = new Calling(
                        ThingsServer.PROTO,
                        ConnectTo.of(List.of("things.example:443=127.0.0.1:" + secure.port())),
                        trusted)) {
            String with = """
                    service: { name: things.v1.Things, host: things.example }
                    method: Echo
                    arguments: { over: tls }
                    """;
            assertThat(elsewhere.result(with, Json.object())).isEqualTo(json("{\"over\":\"tls\"}"));
        }
    }
}

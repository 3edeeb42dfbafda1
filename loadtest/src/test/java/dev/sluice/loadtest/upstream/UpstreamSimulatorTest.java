package dev.sluice.loadtest.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Timed;
import reactor.netty.ChannelBindException;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

final class UpstreamSimulatorTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static UpstreamSimulator simulator;

    private record Answer(int status, String type, String body) {}

    @BeforeAll
    static void start() {
        simulator =
                UpstreamSimulator.start("127.0.0.1", 0).blockOptional(DEADLINE).orElseThrow();
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void reset() {
        simulator.reset();
    }

    @EnumSource(names = {"H2C", "HTTP11"})
    @ParameterizedTest
    void answersAPlainRequestOverBothProtocols(HttpProtocol protocol) {
        get(client().protocol(protocol), "/orders/1")
                .as(StepVerifier::create)
                .assertNext(answer -> {
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.type()).isEqualTo("application/json");
                    assertThat(json(answer).path("from").stringValue()).isEqualTo("upstream-simulator");
                })
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void sendsTheStatusAndTheSizeAskedFor() {
        get(client(), "/x?status=201&bytes=100000")
                .as(StepVerifier::create)
                .assertNext(answer -> {
                    assertThat(answer.status()).isEqualTo(201);
                    assertThat(answer.body()).hasSize(100_000);
                    assertThat(json(answer).has("padding")).isTrue();
                })
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void waitsTheLatencyAskedFor() {
        get(client(), "/x?latencyMillis=300")
                .elapsed()
                .as(StepVerifier::create)
                .assertNext(timed -> assertThat(timed.getT1()).isGreaterThanOrEqualTo(290))
                .expectComplete()
                .verify(DEADLINE);
    }

    @CsvSource({"0,200", "1,503"})
    @ParameterizedTest
    void failsTheShareAskedFor(int errorRate, int status) {
        Flux.range(0, 20)
                .concatMap(i -> get(client(), "/x?errorStatus=503&errorRate=" + errorRate))
                .map(Answer::status)
                .distinct()
                .as(StepVerifier::create)
                .expectNext(status)
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void streamsNdjsonChunkByChunk() {
        lines("/x?stream=ndjson&chunks=3&intervalMillis=100")
                .timed()
                .as(StepVerifier::create)
                .assertNext(line -> assertChunk(line, 0))
                .assertNext(line -> assertChunk(line, 1))
                .assertNext(line -> assertChunk(line, 2))
                .expectComplete()
                .verify(DEADLINE);
    }

    /** Each waits after the one before it. How soon one comes after another says nothing: both may be read at once. */
    private static void assertChunk(Timed<String> line, int number) {
        assertThat(line.get()).startsWith("{\"chunk\":" + number);
        assertThat(line.elapsedSinceSubscription()).isGreaterThanOrEqualTo(Duration.ofMillis((number + 1) * 100L - 10));
    }

    @Test
    void streamsServerSentEvents() {
        get(client(), "/x?stream=sse&chunks=2")
                .as(StepVerifier::create)
                .assertNext(answer -> {
                    assertThat(answer.type()).isEqualTo("text/event-stream");
                    assertThat(answer.body())
                            .isEqualTo(
                                    "data: {\"chunk\":0,\"padding\":\"\"}\n\ndata: {\"chunk\":1,\"padding\":\"\"}\n\n");
                })
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void countsRequestsPerIdempotencyKey() {
        HttpClient keyed = client().headers(headers -> headers.set("Idempotency-Key", "k-1"));

        Flux.concat(get(keyed, "/a"), get(keyed, "/a"), get(client(), "/a"), get(client(), "/stats?key=k-1"))
                .last()
                .map(UpstreamSimulatorTest::json)
                .as(StepVerifier::create)
                .assertNext(stats -> {
                    assertThat(stats.path("requests").longValue()).isEqualTo(3);
                    assertThat(stats.path("distinctKeys").longValue()).isEqualTo(1);
                    assertThat(stats.path("repeatedKeys").longValue()).isEqualTo(1);
                    assertThat(stats.path("withoutKey").longValue()).isEqualTo(1);
                    assertThat(stats.path("requestsWithKey").longValue()).isEqualTo(2);
                })
                .expectComplete()
                .verify(DEADLINE);
    }

    /** One that has had a chunk of a stream that lasts much longer than the test: what there is does not wait for the rest. */
    @Test
    void countsAClientThatWalksAwayAsCancelled() {
        lines("/x?stream=ndjson&chunks=1000&intervalMillis=500")
                .as(StepVerifier::create)
                .expectNextCount(1)
                .thenCancel()
                .verify(DEADLINE);

        Mono.fromSupplier(simulator::stats)
                .filter(stats -> stats.cancelled() == 1 && stats.inFlight() == 0)
                .repeatWhenEmpty(500, tries -> tries.delayElements(Duration.ofMillis(20)))
                .as(StepVerifier::create)
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
    }

    @CsvSource({
        "bytes=1&bytes=2,bytes: given 2 times (expected: once)",
        "errorRate=NaN,errorRate: NaN (expected: 0 to 1)",
        "latencyMillis=-1,latencyMillis: -1 (expected: 0 to 600000)",
        "status=abc,status: abc (expected: 200 to 599)",
        "stream=xml,stream: xml (expected: ndjson or sse)"
    })
    @ParameterizedTest
    void refusesAParameterOutOfItsBounds(String query, String detail) {
        get(client(), "/x?" + query)
                .as(StepVerifier::create)
                .assertNext(answer -> {
                    assertThat(answer.status()).isEqualTo(400);
                    assertThat(json(answer).path("detail").stringValue()).isEqualTo(detail);
                })
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void saysThatThePortIsTaken() {
        UpstreamSimulator.start("127.0.0.1", simulator.uri().getPort())
                .as(StepVerifier::create)
                .expectErrorSatisfies(error -> assertThat(error).isInstanceOf(ChannelBindException.class))
                .verify(DEADLINE);
    }

    private static HttpClient client() {
        return HttpClient.create().baseUrl(simulator.uri().toString());
    }

    private static Mono<Answer> get(HttpClient client, String target) {
        return client.get()
                .uri(target)
                .responseSingle((response, body) -> body.asString()
                        .defaultIfEmpty("")
                        .map(text -> new Answer(
                                response.status().code(),
                                response.responseHeaders().get("content-type", ""),
                                text)));
    }

    private static Flux<String> lines(String target) {
        return client().get()
                .uri(target)
                .responseContent()
                .asString()
                .concatMap(text -> Flux.fromArray(text.split("\n")));
    }

    private static JsonNode json(Answer answer) {
        return Json.trusted(answer.body().getBytes(StandardCharsets.UTF_8));
    }
}

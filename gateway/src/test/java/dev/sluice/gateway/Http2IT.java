package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Hook;
import dev.sluice.shared.json.Json;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** The gateway as clients of HTTP/2 see it, all of them on one connection. */
@Timeout(120)
final class Http2IT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String BEARER = "Bearer " + RunningGateway.PLATFORM_KEY;

    private static ScriptedExecutor executor;
    private static ScriptedUpstream upstream;
    private static RunningGateway gateway;
    private static ConnectionProvider one;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        executor = new ScriptedExecutor();
        upstream = ScriptedUpstream.start();
        gateway = RunningGateway.start(
                "sluice.executor.url=" + executor.url(), "sluice.routing.outbound-allow=127.0.0.1/32");
        one = ConnectionProvider.create("one", 1);
        client = HttpClient.create(one)
                .protocol(HttpProtocol.H2C)
                .baseUrl("http://127.0.0.1:" + gateway.port())
                .responseTimeout(DEADLINE);
    }

    @AfterAll
    static void stop() {
        one.disposeLater().block(DEADLINE);
        gateway.close();
        upstream.close();
        executor.close();
    }

    @AfterEach
    void forget() {
        executor.seen.clear();
        upstream.reset();
    }

    private record Answer(int status, String version, String text) {}

    @Test
    void answersAHundredRequestsAtOnceOnOneConnection() {
        Flux.range(0, 100)
                .flatMap(i -> get("/v1/events"), 100)
                .collectList()
                .blockOptional(DEADLINE)
                .orElseThrow()
                .forEach(answer -> {
                    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                    assertThat(answer.version()).isEqualTo("HTTP/2.0");
                });
    }

    /** The signature is over the bytes of many frames, and of more than a window. */
    @Test
    void takesASignedDeliveryThatIsLargerThanAWindow() {
        Hook hook = gateway.newEndpoint("http2", "generic-hmac");
        String body = "{\"text\":\"" + "x".repeat(400_000) + "\"}";
        Answer accepted = send(hook.path(), body, "X-Signature-256", hook.sign(body));
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
        String id = Json.read(accepted.text().getBytes(StandardCharsets.UTF_8))
                .path("eventId")
                .stringValue();
        assertThat(gateway.getAs(RunningGateway.PLATFORM_KEY, "/v1/events/" + id)
                        .json()
                        .at("/data/text")
                        .stringValue())
                .hasSize(400_000);
        Answer refused = send(hook.path(), body, "X-Signature-256", hook.sign(body + " "));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text()).contains("invalid-signature");
    }

    @Test
    void passesABodyOnAndRefusesOneOverTheBound() {
        Answer passed = send("/v1/workflows", "x".repeat(1_000_000), "Authorization", BEARER);
        assertThat(passed.text()).contains("\"length\":1000000");
        Answer refused = send("/v1/workflows", "x".repeat(5_000_000), "Authorization", BEARER);
        assertThat(refused.status()).as(refused.text()).isEqualTo(413);
        assertThat(get("/v1/events").blockOptional(DEADLINE).orElseThrow().status())
                .isEqualTo(200);
    }

    @Test
    void letsAClientThatStillSendsItsBodySeeTheRefusal() {
        for (int i = 0; i < 10; i++) {
            Answer refused = send("/v1/workflows", "x".repeat(3_000_000), "Authorization", "Bearer none");
            assertThat(refused.status()).as(refused.text()).isEqualTo(401);
        }
    }

    @Test
    void passesEventsOnToAHundredStreamsOfAConnectionAsTheyCome() {
        var begun = new CountDownLatch(100);
        var told = new CountDownLatch(100);
        Disposable.Composite watchers = Disposables.composite();
        for (int i = 0; i < 100; i++) {
            watchers.add(events().subscribe(event -> {
                if (event.contains("open")) {
                    begun.countDown();
                }
                if (event.contains("news")) {
                    told.countDown();
                }
            }));
        }
        try {
            await(begun);
            executor.emit("news");
            await(told);
        } finally {
            watchers.dispose();
        }
    }

    /** One of three: a machine that has much to do may stop for longer than the second. */
    @Test
    void cancelsUpstreamWithinASecondWhenAStreamIsReset() throws IOException {
        List<Duration> took = new ArrayList<>();
        do {
            took.add(reset("/v1/runs/reset-" + took.size() + "/events"));
        } while (took.getLast().compareTo(SECOND) > 0 && took.size() < 3);
        assertThat(took.getLast()).as("%s", took).isLessThanOrEqualTo(SECOND);
    }

    /** How long it takes until the executor hears that its stream was reset. */
    private static Duration reset(String events) throws IOException {
        try (RawHttp2 raw = RawHttp2.connected(gateway.port())) {
            raw.get(1, events, "authorization", BEARER);
            assertThat(raw.await(RawHttp2.DATA, 1).text()).contains("open");
            assertThat(executor.cancelled).doesNotContain(events);
            raw.reset(1);
            long began = System.nanoTime();
            People.awaitSoon(() -> executor.cancelled.contains(events));
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            raw.get(3, "/v1/events", "authorization", BEARER);
            assertThat(raw.status(3)).isEqualTo("200");
            return took;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1//workflows/a/b/runs",
                "/v1/x/../api-keys",
                "/v1/x/%2e%2e/api-keys",
                "/v1/api-keys;x",
                "/v1/workflows%2fa/b/runs",
                "/v1/runs%00",
            })
    void refusesPathsThatAreReadInTwoWaysAndGoesOn(String path) throws IOException {
        try (RawHttp2 raw = RawHttp2.connected(gateway.port())) {
            raw.get(1, path, "authorization", BEARER).get(3, "/v1/events", "authorization", BEARER);
            assertThat(raw.status(1)).isEqualTo("400");
            assertThat(raw.status(3)).isEqualTo("200");
        }
        assertThat(executor.seen).isEmpty();
    }

    /** RFC 9113, section 8.2.3: in pieces, as browsers send them. */
    @Test
    void readsCookiesThatComeInPieces() throws IOException {
        try (RawHttp2 raw = RawHttp2.connected(gateway.port())) {
            raw.get(1, "/v1/events", "cookie", "a=b", "cookie", "__Host-sluice-session=none", "cookie", "c=d");
            assertThat(raw.status(1)).isEqualTo("401");
        }
    }

    @Test
    void answersHeadersThatAreTooLargeAndOthersAfterThem() throws IOException {
        try (RawHttp2 raw = RawHttp2.connected(gateway.port())) {
            raw.get(1, "/v1/events", "x", "y".repeat(16_200));
            assertThat(raw.status(1)).isEqualTo("431");
            raw.get(3, "/v1/events", "authorization", BEARER);
            assertThat(raw.status(3)).isEqualTo("200");
        }
    }

    @Test
    void countsRequestsOfAClientWhateverTheyComeOn() {
        String path = published("{\"path\":\"/counted\",\"open\":true,\"upstream\":\"" + upstream.url()
                + "\",\"limits\":{\"client\":{\"perSecond\":1,\"burst\":3}}}");
        assertThat(gateway.get(path).status()).isEqualTo(200);
        assertThat(Flux.range(0, 10)
                        .flatMap(i -> get(path), 10)
                        .map(Answer::status)
                        .collectList()
                        .block(DEADLINE))
                .contains(200, 429)
                .filteredOn(status -> status == 429)
                .hasSizeGreaterThanOrEqualTo(5);
        assertThat(upstream.last().headers().getAll("Via")).containsExactly("2.0 sluice");
    }

    @Test
    void streamsThroughAPublishedRouteNoFasterThanItsReaderAndEndsWithIt() throws Exception {
        String path = published("{\"path\":\"/large\",\"open\":true,\"upstream\":\"" + upstream.url() + "\"}");
        var sent = new AtomicInteger();
        var ended = new CountDownLatch(1);
        byte[] part = new byte[64 * 1024];
        upstream.does((request, response) -> response.send(Flux.range(0, 16_384)
                .map(i -> Unpooled.wrappedBuffer(part))
                .doOnNext(i -> sent.incrementAndGet())
                .doFinally(end -> ended.countDown())));
        try (RawHttp2 raw = RawHttp2.connected(gateway.port())) {
            raw.get(1, path);
            int read = 0;
            while (read < 32_000) {
                read += raw.await(RawHttp2.DATA, 1).payload().remaining();
            }
            raw.get(3, "/v1/events", "authorization", BEARER);
            assertThat(raw.status(3)).isEqualTo("200");
            raw.reset(1);
            await(ended);
        }
        assertThat(sent.get()).isLessThan(2000);
    }

    @Test
    void speaksWithCurl() throws Exception {
        String url = "http://127.0.0.1:" + gateway.port() + "/v1/events";
        Assumptions.assumeTrue(run("curl", "--version").toLowerCase(Locale.ROOT).contains("http2"));
        String said = run(
                "curl",
                "--silent",
                "--http2-prior-knowledge",
                "--header",
                "Authorization: " + BEARER,
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_version} %{http_code}",
                url);
        assertThat(said).isEqualTo("2 200");
        String offered = run(
                "curl",
                "--silent",
                "--http2",
                "--header",
                "Authorization: " + BEARER,
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_version} %{http_code}",
                url);
        assertThat(offered).isEqualTo("1.1 200");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return said;
        } catch (IOException absent) {
            return "";
        }
    }

    private static Mono<Answer> get(String path) {
        return client.headers(headers -> headers.set("Authorization", BEARER))
                .get()
                .uri(path)
                .responseSingle((head, body) -> body.asString()
                        .defaultIfEmpty("")
                        .map(text ->
                                new Answer(head.status().code(), head.version().text(), text)));
    }

    private static Answer send(String path, String body, String header, String value) {
        return client.headers(headers ->
                        headers.set("Content-Type", "application/json").set(header, value))
                .request(HttpMethod.POST)
                .uri(path)
                .send(Mono.fromSupplier(() -> Unpooled.copiedBuffer(body, StandardCharsets.UTF_8)))
                .responseSingle((head, text) -> text.asString()
                        .defaultIfEmpty("")
                        .map(said ->
                                new Answer(head.status().code(), head.version().text(), said)))
                .blockOptional(DEADLINE)
                .orElseThrow();
    }

    private static Flux<String> events() {
        return client.headers(headers -> headers.set("Authorization", BEARER))
                .get()
                .uri("/v1/runs/x/events")
                .responseContent()
                .asString();
    }

    private static String published(String route) {
        var made =
                Json.read(route.getBytes(StandardCharsets.UTF_8)).path("path").stringValue();
        assertThat(gateway.send(
                                gateway.request("/v1/routes" + made).PUT(BodyPublishers.ofString(route)),
                                "Authorization",
                                BEARER,
                                "Content-Type",
                                "application/json")
                        .status())
                .isEqualTo(200);
        String organization = gateway.getAs(RunningGateway.PLATFORM_KEY, "/v1/organizations")
                .json()
                .at("/items/0/id")
                .stringValue();
        return "/api/" + organization + made;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

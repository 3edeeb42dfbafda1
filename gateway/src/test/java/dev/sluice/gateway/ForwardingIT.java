package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.gateway.ScriptedUpstream.Asked;
import dev.sluice.shared.testing.TestRedis;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What goes through a published route, and what becomes of it when the upstream or the client misbehaves. */
final class ForwardingIT {

    private static ScriptedUpstream upstream;
    private static RunningGateway gateway;
    private static String owner;
    private static String api;
    private static int routes;

    @BeforeAll
    static void start() {
        TestRedis.flush();
        upstream = ScriptedUpstream.start();
        gateway = RunningGateway.start("sluice.routing.outbound-allow=127.0.0.1/32");
        owner = gateway.newOrganization("forwarding");
        api = "/api/"
                + gateway.getAs(owner, "/v1/organizations")
                        .json()
                        .at("/items/0/id")
                        .stringValue();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
        TestRedis.flush();
    }

    @BeforeEach
    void reset() {
        upstream.reset();
    }

    @Test
    void passesOnWhatIsNotTheConnections() {
        String path = route("");
        upstream.does((request, response) -> response.status(HttpResponseStatus.valueOf(299, "Odd"))
                .header("X-Own", "1")
                .addHeader("X-Own", "2")
                .header("Connection", "x-hop")
                .header("X-Hop", "hidden")
                .header("Set-Cookie", "sluice-session=stolen")
                .header("Clear-Site-Data", "*")
                .header("Content-Type", "text/html")
                .sendString(request.receive().aggregate().asString().map(body -> body + "!")));
        Answer answer = gateway.send(
                gateway.request(path + "?q=%2F&r=ä").method("PATCH", BodyPublishers.ofString("sent")),
                "Authorization",
                "Bearer " + owner,
                "X-Request-Id",
                "mine",
                "X-Forwarded-For",
                "8.8.8.8",
                "Sluice-Identity",
                "forged",
                "Cookie",
                "a=b",
                "TE",
                "trailers");
        assertThat(answer.status()).isEqualTo(299);
        assertThat(answer.text()).isEqualTo("sent!");
        assertThat(answer.response().headers().allValues("X-Own")).containsExactly("1", "2");
        assertThat(answer.header("X-Request-Id")).isEqualTo("mine");
        assertThat(answer.header("Content-Security-Policy")).startsWith("sandbox");
        assertThat(List.of(answer.header("X-Hop"), answer.header("Set-Cookie"), answer.header("Clear-Site-Data")))
                .containsOnly("");
        Asked asked = upstream.last();
        assertThat(asked.method()).isEqualTo("PATCH");
        assertThat(asked.target()).isEqualTo("/up?q=%2F&r=%C3%A4");
        assertThat(asked.headers().get("X-Request-Id")).isEqualTo("mine");
        assertThat(asked.headers().getAll("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(asked.headers().get("X-Forwarded-Host")).isEqualTo("127.0.0.1:%s", gateway.port());
        assertThat(asked.headers().get("Via")).isEqualTo("1.1 sluice");
        assertThat(asked.headers().get("traceparent")).startsWith("00-");
        assertThat(asked.headers().get("Host")).isEqualTo(upstream.url().substring("http://".length()));
        assertThat(asked.headers().names()).doesNotContain("authorization", "sluice-identity", "cookie", "te");
    }

    @Test
    void editsHeaders() {
        String path = route("""
                ,"request":{"setHeaders":{"X-A":"set"},"removeHeaders":["X-B"]},
                "response":{"setHeaders":{"X-C":"set"},"removeHeaders":["Server"]}""");
        upstream.does((request, response) ->
                response.header("Server", "secret/1.0").header("X-C", "theirs").send());
        Answer answer = gateway.get(path, "Authorization", "Bearer " + owner, "X-A", "mine", "X-B", "mine");
        assertThat(upstream.last().headers().getAll("X-A")).containsExactly("set");
        assertThat(upstream.last().headers().contains("X-B")).isFalse();
        assertThat(answer.header("Server")).isEmpty();
        assertThat(answer.response().headers().allValues("X-C")).containsExactly("set");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8 * 1024, 8 * 1024 + 1, 3_000_000})
    void passesBodiesOfAnyLengthBothWays(int length) {
        byte[] body = new byte[length];
        new java.util.Random(length).nextBytes(body);
        upstream.does((request, response) -> request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(new byte[0])
                .flatMap(bytes -> response.header("Content-Length", Integer.toString(bytes.length))
                        .send(Mono.just(Unpooled.wrappedBuffer(bytes)))
                        .then()));
        String path = route("");
        assertThat(sent(path, BodyPublishers.ofByteArray(body)).response().body())
                .isEqualTo(body);
        upstream.does((request, response) -> response.send(request.receive().retain()));
        assertThat(sent(path, BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
                        .response()
                        .body())
                .isEqualTo(body);
    }

    @Test
    void headAndBodilessAnswersEnd() {
        String path = route("");
        upstream.does(
                (request, response) -> response.header("Content-Length", "17").send());
        Answer head = gateway.send(
                gateway.request(path).method("HEAD", BodyPublishers.noBody()), "Authorization", "Bearer " + owner);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Length")).isEqualTo("17");
        for (int status : new int[] {204, 304}) {
            upstream.does((request, response) -> response.status(status).send());
            assertThat(gateway.getAs(owner, path).status()).isEqualTo(status);
        }
    }

    @Test
    void repeatsWhatHasNoEffectOnly() {
        String path = route(",\"retries\":2");
        AtomicInteger count = new AtomicInteger();
        upstream.does((request, response) ->
                count.incrementAndGet() < 3 ? response.status(503).send() : response.sendString(Mono.just("third")));
        assertThat(gateway.getAs(owner, path).text()).isEqualTo("third");
        count.set(0);
        assertThat(gateway.postAs(owner, path, "{}").status()).isEqualTo(503);
        assertThat(count).hasValue(1);
        count.set(0);
        upstream.does((request, response) -> {
            request.withConnection(connection -> {
                if (count.incrementAndGet() < 2) {
                    connection.dispose();
                }
            });
            return response.sendString(Mono.just("again"));
        });
        assertThat(gateway.getAs(owner, path).text()).isEqualTo("again");
        count.set(0);
        Answer broken = gateway.postAs(owner, path, "{}");
        assertThat(broken.status()).isEqualTo(502);
        assertThat(broken.json().path("detail").stringValue()).contains("may have had its effect");
        assertThat(count).hasValue(1);
    }

    @Test
    void saysThatTheUpstreamIsSlowOrAwayOrBroken() {
        String slow = route(",\"timeout\":\"PT0.2S\",\"retries\":0");
        upstream.does((request, response) -> Mono.never());
        assertThat(gateway.getAs(owner, slow).status()).isEqualTo(504);
        // It is the time for the head too, which is to come in time.
        String half = route(",\"timeout\":\"PT3S\",\"retries\":0");
        upstream.does((request, response) -> response.header("Content-Length", "20000")
                .sendString(Mono.just("begun").concatWith(Flux.never())));
        assertThatThrownBy(() -> gateway.getAs(owner, half)).hasRootCauseInstanceOf(IOException.class);

        String away = published("{\"path\":\"/away\",\"upstream\":\"http://127.0.0.1:1\"}", "/away");
        Answer refused = gateway.getAs(owner, away);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isEqualTo("1");

        String near = published("{\"path\":\"/near\",\"upstream\":\"http://127.0.0.2:1\"}", "/near");
        Answer forbidden = gateway.getAs(owner, near);
        assertThat(forbidden.status()).isEqualTo(503);
        assertThat(forbidden.json().path("detail").stringValue()).contains("not public");
    }

    @Test
    void leavesAnUpstreamAloneThatFails() {
        String path = route(",\"retries\":0");
        upstream.does((request, response) -> response.status(503).send());
        for (int i = 0; i < 50 && upstream.asked().size() == i; i++) {
            assertThat(gateway.getAs(owner, path).status()).isEqualTo(503);
        }
        assertThat(upstream.asked()).hasSizeBetween(20, 49);
        upstream.reset();
        Answer open = gateway.getAs(owner, path);
        assertThat(open.status()).isEqualTo(503);
        assertThat(open.header("Retry-After")).isEqualTo("5");
        assertThat(upstream.asked()).isEmpty();
        People.await(() -> gateway.getAs(owner, path).status() == 200);
    }

    @Test
    void streamsEventByEventAndEndsWithTheClient() throws Exception {
        String path = route("");
        Sinks.Many<String> events = Sinks.many().unicast().onBackpressureBuffer();
        AtomicBoolean ended = new AtomicBoolean();
        upstream.does(
                (request, response) -> response.sse().sendString(events.asFlux().doFinally(end -> ended.set(true))));
        var request = gateway.request(path)
                .header("Authorization", "Bearer " + owner)
                .GET()
                .build();
        var answer = gateway.client()
                .sendAsync(request, BodyHandlers.ofInputStream())
                .get();
        try (InputStream body = answer.body()) {
            for (String event : List.of("data: 1\n\n", "data: 2\n\n")) {
                events.tryEmitNext(event).orThrow();
                assertThat(new String(body.readNBytes(event.length()), StandardCharsets.UTF_8))
                        .isEqualTo(event);
            }
            assertThat(ended).isFalse();
        }
        People.await(Duration.ofSeconds(20), ended::get);
    }

    /** What the client does not take, the upstream cannot send: a gigabyte would not fit anywhere. Others are not held up. */
    @Test
    void isNoFasterThanItsReader() throws Exception {
        String path = route("");
        AtomicInteger parts = new AtomicInteger();
        AtomicBoolean full = new AtomicBoolean();
        byte[] part = new byte[64 * 1024];
        upstream.does((request, response) -> {
            request.withConnection(connection -> connection
                    .channel()
                    .pipeline()
                    .addFirst(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelWritabilityChanged(ChannelHandlerContext context) {
                            full.set(!context.channel().isWritable());
                            context.fireChannelWritabilityChanged();
                        }
                    }));
            return response.send(Flux.range(0, 16_384)
                    .map(i -> Unpooled.wrappedBuffer(part))
                    .doOnNext(i -> parts.incrementAndGet()));
        });
        var request = gateway.request(path)
                .header("Authorization", "Bearer " + owner)
                .GET()
                .build();
        var answer = gateway.client()
                .sendAsync(request, BodyHandlers.ofInputStream())
                .get();
        try (InputStream body = answer.body()) {
            assertThat(body.readNBytes(1000)).hasSize(1000);
            People.await(full::get);
            upstream.reset();
            for (int i = 0; i < 200; i++) {
                assertThat(gateway.getAs(owner, path).status()).isEqualTo(200);
            }
            assertThat(parts.get()).isLessThan(2000);
        }
    }

    @Test
    void hasItsOwnLimits() {
        String path = route(",\"limits\":{\"route\":{\"perSecond\":1,\"burst\":3},\"concurrent\":10}");
        Answer refused = refusedAfter(3, () -> gateway.getAs(owner, path));
        assertThat(refused.json().path("detail").stringValue()).contains("this route");
        assertThat(refused.response().headers().allValues("RateLimit-Policy")).contains("\"route\";q=3;w=3");

        String open = route(",\"open\":true,\"limits\":{\"client\":{\"perSecond\":1,\"burst\":2}}");
        assertThat(refusedAfter(2, () -> gateway.get(open)).header("Retry-After"))
                .isNotEmpty();
    }

    /** The first that is refused: after so many that are not, and those that the time of asking is good for besides. */
    private static Answer refusedAfter(int burst, Supplier<Answer> ask) {
        long began = System.nanoTime();
        List<Answer> answers = new ArrayList<>(List.of(ask.get()));
        while (answers.getLast().status() == 200 && answers.size() < 50) {
            answers.add(ask.get());
        }
        Answer refused = answers.getLast();
        assertThat(refused.status()).isEqualTo(429);
        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds() + 1;
        assertThat((long) answers.size() - 1).isBetween((long) burst, burst + seconds);
        return refused;
    }

    @Test
    void hasSoManyUnderWayAtMost() throws Exception {
        String path = route(",\"limits\":{\"concurrent\":1}");
        Sinks.One<String> held = Sinks.one();
        upstream.does((request, response) -> response.sendString(held.asMono()));
        var first = CompletableFuture.supplyAsync(() -> gateway.getAs(owner, path));
        People.await(() -> !upstream.asked().isEmpty());
        assertThat(gateway.getAs(owner, path).status()).isEqualTo(429);
        held.tryEmitValue("done").orThrow();
        assertThat(first.get().text()).isEqualTo("done");
        // Its place may be free a moment after its answer has come.
        assertThat(RunningGateway.eventually(() -> gateway.getAs(owner, path), 200)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesARouteThatLeadsBackToItself() {
        String self = published(
                "{\"path\":\"/self/**\",\"open\":true,\"keepPath\":true,\"upstream\":\"http://127.0.0.1:"
                        + gateway.port() + api + "\"}",
                "/self/x");
        Answer answer = gateway.get(self);
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.json().path("detail").stringValue()).contains("again and again");
    }

    private static Answer sent(String path, java.net.http.HttpRequest.BodyPublisher body) {
        return gateway.send(gateway.request(path).POST(body), "Authorization", "Bearer " + owner);
    }

    /** A new route to the upstream, with more fields. */
    private static String route(String more) {
        String path = "/r" + routes++;
        return published("{\"path\":\"" + path + "\",\"upstream\":\"" + upstream.url() + "/up\"" + more + "}", path);
    }

    private static String published(String route, String path) {
        Answer made = gateway.send(
                gateway.request("/v1/routes/r" + routes++).PUT(BodyPublishers.ofString(route)),
                "Authorization",
                "Bearer " + owner,
                "Content-Type",
                "application/json");
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        return api + path;
    }
}

package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Answers that are kept, and those that must not be. */
final class KeepingIT {

    private static final String ALLOW = "sluice.routing.outbound-allow=127.0.0.1/32";

    private static ScriptedUpstream upstream;
    private static RunningGateway gateway;
    private static RunningGateway neighbour;
    private static RunningGateway lonely;
    private static String owner;
    private static int routes;

    /** Answers that say that the upstream was asked: a Redis that is slow at the moment makes one more. */
    private final AtomicInteger misses = new AtomicInteger();

    @BeforeAll
    static void start() {
        PostgresSettings database = TestPostgres.freshDatabase();
        upstream = ScriptedUpstream.start();
        gateway = RunningGateway.start(database, ALLOW);
        neighbour = RunningGateway.start(database, ALLOW);
        lonely = RunningGateway.start(database, ALLOW, "sluice.redis.url=redis://127.0.0.1:1");
        owner = gateway.newOrganization("keeping");
    }

    @AfterAll
    static void stop() {
        lonely.close();
        gateway.close();
        neighbour.close();
        upstream.close();
    }

    @BeforeEach
    void reset() {
        upstream.reset();
    }

    @Test
    void isAskedForOnceByAllGateways() {
        String path = route("");
        upstream.does((request, response) ->
                response.header("ETag", "\"1\"").header("X-Own", "yes").sendString(Mono.just("kept")));
        Answer first = get(path);
        assertThat(first.header("Cache-Status")).isEqualTo("sluice; fwd=miss");
        Answer second = awaitHit(() -> get(path));
        assertThat(second.text()).isEqualTo("kept");
        assertThat(second.header("X-Own")).isEqualTo("yes");
        assertThat(second.header("Age")).matches("[0-5]");
        assertThat(second.header("Cache-Status")).matches("sluice; hit; ttl=(5[5-9]|60)");
        assertThat(second.header("X-Request-Id")).isNotEmpty().isNotEqualTo(first.header("X-Request-Id"));
        assertThat(second.response().headers().allValues("RateLimit")).hasSize(1);
        assertThat(second.response().headers().allValues("Content-Security-Policy"))
                .hasSize(1);
        assertThat(awaitHit(() -> counted(neighbour.getAs(owner, path))).text()).isEqualTo("kept");

        Answer held = awaitHit(
                () -> counted(gateway.get(path, "Authorization", "Bearer " + owner, "If-None-Match", "W/\"1\"")));
        assertThat(held.status()).isEqualTo(304);
        assertThat(held.text()).isEmpty();
        Answer head = awaitHit(() -> counted(gateway.send(
                gateway.request(path).method("HEAD", BodyPublishers.noBody()), "Authorization", "Bearer " + owner)));
        assertThat(head.header("Content-Length")).isEqualTo("4");
        // Nobody waits for an answer to be kept: who comes before is passed on too.
        assertThat(upstream.asked()).hasSize(misses.get());
        assertThat(get(path + "?other").header("Cache-Status")).isEqualTo("sluice; fwd=miss");
    }

    @Test
    void differsByWhatItVariesWith() {
        String path = route(",\"vary\":[\"accept-language\"]");
        upstream.does((request, response) -> response.header("Vary", "Accept-Language")
                .sendString(Mono.just(request.requestHeaders().get("Accept-Language"))));
        Stream.of("de", "fr").forEach(language -> {
            assertThat(in(language, path).text()).isEqualTo(language);
            assertThat(awaitHit(() -> in(language, path)).text()).isEqualTo(language);
        });
        Stream.of("de", "fr")
                .forEach(language ->
                        assertThat(awaitHit(() -> in(language, path)).text()).isEqualTo(language));
        assertThat(upstream.asked()).hasSize(misses.get());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cache-Control: no-store",
                "Cache-Control: public, Private",
                "Cache-Control: no-cache",
                "Cache-Control: max-age=0",
                "Cache-Control: s-maxage=0, max-age=9",
                "Cache-Control: max-age=nonsense",
                "Vary: *",
                "Vary: Accept, Accept-Language"
            })
    void isNotKeptWhenTheUpstreamSaysSo(String header) {
        String path = route("");
        String[] parts = header.split(": ", 2);
        upstream.does((request, response) -> response.header(parts[0], parts[1]).sendString(Mono.just("x")));
        assertNeverKept(path);
    }

    @Test
    void isNotKeptWhenItIsNoWholeAnswer() {
        String path = route("");
        upstream.does((request, response) -> response.status(404).sendString(Mono.just("x")));
        assertNeverKept(path);
        upstream.does(
                (request, response) -> response.sendString(Flux.range(0, 1300).map(i -> "0".repeat(101))));
        assertNeverKept(path);
        upstream.does((request, response) ->
                response.sendString(Mono.just("begun").concatWith(Mono.error(new IllegalStateException("broken")))));
        assertThatThrownBy(() -> get(path)).hasRootCauseInstanceOf(java.io.IOException.class);
        upstream.reset();
        assertThat(get(path).text()).isEqualTo("ok");
    }

    @Test
    void isForgottenWhenItIsChangedOrThrownAway() {
        String path = route("");
        assertThat(get(path).text()).isEqualTo("ok");
        assertThat(awaitHit(() -> get(path)).text()).isEqualTo("ok");
        assertThat(gateway.postAs(owner, path, "{}").status()).isEqualTo(200);
        People.awaitSoon(() -> !isHit(get(path)));

        assertThat(awaitHit(() -> get(path)).text()).isEqualTo("ok");
        String name = path.substring(path.lastIndexOf('/') + 1);
        assertThat(gateway.postAs(owner, "/v1/routes/" + name + ":purge", "").status())
                .isEqualTo(204);
        assertThat(isHit(get(path))).isFalse();

        assertThat(awaitHit(() -> get(path)).text()).isEqualTo("ok");
        put(name, "");
        assertThat(isHit(get(path))).isFalse();
    }

    @Test
    void whoeverAsksMayHaveItFresh() {
        String path = route("");
        assertThat(get(path).text()).isEqualTo("ok");
        assertThat(awaitHit(() -> get(path)).text()).isEqualTo("ok");
        assertThat(isHit(gateway.get(path, "Authorization", "Bearer " + owner, "Cache-Control", "no-cache")))
                .isFalse();
        assertThat(gateway.get(path, "Authorization", "Bearer " + owner, "Range", "bytes=0-1")
                        .header("Cache-Status"))
                .isEqualTo("sluice; fwd=bypass");
    }

    @Test
    void ages() {
        String path = route("");
        upstream.does((request, response) ->
                response.header("Cache-Control", "max-age=1").sendString(Mono.just("x")));
        assertThat(get(path).status()).isEqualTo(200);
        assertThat(awaitHit(() -> get(path)).header("Cache-Status")).isEqualTo("sluice; hit; ttl=0");
        People.await(() -> !isHit(get(path)));
    }

    @Test
    void withoutRedisEverythingIsAskedOfTheUpstream() {
        String path = route("");
        for (int i = 0; i < 3; i++) {
            Answer answer = lonely.getAs(owner, path);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Cache-Status")).isEqualTo("sluice; fwd=miss");
        }
        assertThat(upstream.asked()).hasSize(3);
    }

    private void assertNeverKept(String path) {
        for (int i = 0; i < 5; i++) {
            assertThat(isHit(get(path))).isFalse();
        }
    }

    private Answer get(String path) {
        return counted(gateway.getAs(owner, path));
    }

    private Answer in(String language, String path) {
        return counted(gateway.get(path, "Authorization", "Bearer " + owner, "Accept-Language", language));
    }

    private Answer counted(Answer answer) {
        if (answer.header("Cache-Status").equals("sluice; fwd=miss")) {
            misses.incrementAndGet();
        }
        return answer;
    }

    private static boolean isHit(Answer answer) {
        return answer.header("Cache-Status").contains("hit");
    }

    /** It is put there after the client has got it. */
    private static Answer awaitHit(Supplier<Answer> ask) {
        Answer[] last = new Answer[1];
        People.awaitSoon(() -> {
            last[0] = ask.get();
            return isHit(last[0]);
        });
        return last[0];
    }

    /** A new route whose answers are kept for a minute. */
    private static String route(String rule) {
        String name = "k" + routes++;
        put(name, rule);
        String organization = gateway.getAs(owner, "/v1/organizations")
                .json()
                .at("/items/0/id")
                .stringValue();
        return "/api/" + organization + "/" + name;
    }

    private static void put(String name, String rule) {
        String route = "{\"path\":\"/" + name + "\",\"upstream\":\"" + upstream.url()
                + "\",\"cache\":{\"keep\":\"PT1M\"" + rule + "}}";
        assertThat(gateway.send(
                                gateway.request("/v1/routes/" + name).PUT(BodyPublishers.ofString(route)),
                                "Authorization",
                                "Bearer " + owner,
                                "Content-Type",
                                "application/json")
                        .status())
                .isEqualTo(200);
    }
}

package dev.sluice.executor.call.asyncapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.journal.FencedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.test.StepVerifier;

/** Channels over HTTP and WebSocket, to servers that do as they like. */
final class ChannelCallsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String BEARER = "authentication: { bearer: { token: s3cret-token } }, ";

    private final Desk desk = new Desk(4, Duration.ofSeconds(5));
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private DisposableServer server =
            HttpServer.create().host("127.0.0.1").port(0).bindNow(DEADLINE);

    @AfterEach
    void close() {
        desk.close();
        server.disposeNow(DEADLINE);
    }

    @Test
    void publishByARequestWhoseAnswerIsTheOutput() {
        serve(routes -> routes.post(
                "/base/news",
                (request, response) -> request.receive().aggregate().asString().flatMap(body -> {
                    asked.add(body + " " + request.requestHeaders().get("X-Kind") + " "
                            + request.requestHeaders().get("Authorization") + " "
                            + request.requestHeaders().get("Content-Type"));
                    return response.header("Content-Type", "application/json")
                            .sendString(Mono.just("{\"taken\":true}"))
                            .then();
                })));

        StepVerifier.create(desk.publish(
                                at("http", ", pathname: /base"),
                                BEARER + "message: { payload: { by: '${ .user }' }, headers: { X-Kind: big } }")
                        .map(Object::toString))
                .expectNext("{\"taken\":true}")
                .expectComplete()
                .verify(DEADLINE);
        assertThat(asked).containsExactly("{\"by\":\"jo\"} big Bearer s3cret-token application/json");
    }

    @Test
    void publishOverAWebSocketAndHaveNoOutput() {
        serve(routes -> routes.ws(
                "/news",
                (in, out) -> in.receive().asString().doOnNext(asked::add).then()));

        StepVerifier.create(desk.publish(at("ws", ""), BEARER + "message: { payload: { by: '${ .user }' } }")
                        .map(Object::toString))
                .expectNext("null")
                .expectComplete()
                .verify(DEADLINE);
        assertThat(asked).containsExactly("{\"by\":\"jo\"}");
    }

    @Test
    void publishNothingThatIsTooLargeOrNoLongerTheirs() {
        String large = "message: { payload: { a: " + "x".repeat(Desk.LARGEST) + " } }";
        StepVerifier.create(desk.publish(at("ws", ""), large))
                .verifyErrorSatisfies(
                        error -> failed(error, "expression", 400, "at most " + Desk.LARGEST + " are possible"));

        serve(routes -> routes.ws(
                "/news",
                (in, out) -> in.receive().asString().doOnNext(asked::add).then()));
        desk.permitted.set(false);
        StepVerifier.create(desk.publish(at("ws", ""), "message: { payload: {} }"))
                .verifyError(FencedException.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void takeTheEventsOfAResponse() {
        events((request, response) -> {
            asked.add(request.requestHeaders().get("Accept") + " "
                    + request.requestHeaders().get("Authorization") + " "
                    + request.requestHeaders().get("Last-Event-ID"));
            return response.sse()
                    .sendString(Flux.just(
                            ": hello\n\n", "id: 7\nevent: placed\ndata: {\"id\":\"a\"}\n\n", "data: no json\n\n"));
        });

        StepVerifier.create(desk.messages(at("http", ""), BEARER, "6"))
                .assertNext(message -> {
                    assertThat(message.value())
                            .hasToString(
                                    "{\"payload\":{\"id\":\"a\"},\"headers\":{\"event\":\"placed\",\"id\":\"7\"},\"correlationId\":\"a\"}");
                    assertThat(message.id()).isEqualTo("7");
                })
                .assertNext(message -> {
                    assertThat(message.value())
                            .hasToString("{\"payload\":\"no json\",\"headers\":{\"event\":\"message\",\"id\":\"7\"}}");
                    assertThat(message.id()).isEqualTo("7");
                })
                .expectComplete()
                .verify(DEADLINE);
        assertThat(asked).containsExactly("text/event-stream Bearer s3cret-token 6");
    }

    /** Nothing else of a task could say what they are. */
    @Test
    void sendQueryAndHeadersThatADocumentWants() {
        String room =
                "operation: room, server: { name: up, variables: { room: 'a b', since: '${ .user }', X-Key: k&v } }, ";
        serve(routes -> routes.get("/rooms/{room}", (request, response) -> {
                    asked.add(request.uri() + ' ' + request.requestHeaders().get("X-Key"));
                    return response.sse().sendString(Flux.just("data: {}\n\n"));
                })
                .post("/rooms/{room}", (request, response) -> {
                    asked.add(request.uri() + ' ' + request.requestHeaders().get("X-Kind"));
                    return response.status(204).send();
                }));
        String http = room.replace(", X-Key: k&v", ", limit: 7");
        StepVerifier.create(desk.values(at("http", ""), http))
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
        StepVerifier.create(desk.publish(at("http", ""), http + "message: { headers: { X-Kind: big } }"))
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
        StepVerifier.create(desk.publish(at("http", ""), http + "message: { headers: { X-Kind: huge } }"))
                .verifyErrorSatisfies(error -> failed(error, "validation", 400, "/X-Kind"));
        assertThat(asked)
                .containsExactly(
                        "/rooms/a%20b?format=json&limit=7&since=jo null",
                        "/rooms/a%20b?format=json&limit=7&since=jo big");

        asked.clear();
        serve(routes -> routes.ws("/rooms/{room}", (in, out) -> {
            asked.add(in.headers().get("X-Key")
                    + ' '
                    + in.headers().get("X-Version")
                    + ' '
                    + in.headers().get("Authorization"));
            return in.receive().asString().doOnNext(asked::add).then();
        }));
        StepVerifier.create(desk.publish(at("ws", ""), BEARER + room + "message: { payload: { a: 1 } }"))
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(asked).containsExactly("k&v 3 Bearer s3cret-token", "{\"a\":1}");
    }

    /** A value that a run computes writes no header of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a\\r\\nX-Evil: 1", "a\\nX-Evil: 1", "a\\r\\n\\r\\nGET / HTTP/1.1", "a\\u0000", "\\u010a\\u010d"
            })
    void areNotOpenedWithHeadersThatAreNone(String value) {
        String room = "operation: room, server: { name: up, variables: { room: a, since: b, "
                + "X-Key: '${ \"VALUE\" + \"\" + (.user | \"\") }' } }, ";
        serve(routes -> routes.ws("/rooms/{room}", (in, out) -> {
            asked.add("opened");
            return in.receive().then();
        }));
        String with = BEARER + room.replace("VALUE", value);

        fails(desk.values(at("ws", ""), with), "configuration", 400, "header");
        StepVerifier.create(desk.publish(at("ws", ""), with + "message: { payload: { a: 1 } }"))
                .verifyErrorSatisfies(error -> failed(error, "configuration", 400, "header"));
        assertThat(asked).isEmpty();
    }

    @Test
    void areNotMadeWithWhatIsNoQuery() {
        String room = "operation: room, server: { name: up, variables: { room: VALUE, since: VALUE } }, ";
        serve(routes -> routes.get("/rooms/{room}", (request, response) -> {
            asked.add(request.uri());
            return response.status(200).send();
        }));
        fails(desk.values(at("http", ""), room.replace("VALUE", "'${ [1] }'")), "configuration", 400, "has no value");
        fails(
                desk.values(at("http", ""), room.replace("VALUE", "'${ \"..\" }'")),
                "configuration",
                400,
                "leads elsewhere");
        assertThat(asked).isEmpty();
    }

    @Test
    void hideTheCredentialsThatAServerEchoes() {
        events((request, response) -> response.sse().sendString(Flux.just("data: \"it is s3cret-token\"\n\n")));

        StepVerifier.create(desk.values(at("http", ""), BEARER))
                .assertNext(value -> assertThat(value).contains("it is ***").doesNotContain("s3cret"))
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void sayWhatIsWrongWithAStream() {
        events((request, response) -> response.status(503).send());
        fails(desk.values(at("http", ""), ""), "communication", 503, "answered with status 503");

        events((request, response) ->
                response.header("Content-Type", "text/html").sendString(Mono.just("hi")));
        fails(desk.values(at("http", ""), ""), "communication", 502, "no stream of events");

        events((request, response) ->
                response.sse().sendString(Mono.just("data: " + "x".repeat(Desk.LARGEST) + "\n\n")));
        fails(desk.values(at("http", ""), ""), "communication", 502, "A line is longer than");

        events((request, response) -> response.sse()
                .sendString(Flux.just("data: 1\n\n").concatWith(Flux.never()))
                .then());
        StepVerifier.create(desk.values(at("http", ""), "").take(1))
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);

        server.disposeNow(DEADLINE);
        fails(desk.values(at("http", ""), ""), "communication", 502, "could not be connected to");
        fails(
                desk.values("{ host: 127.0.0.2, protocol: http }", ""),
                "authorization",
                403,
                "does not let workflows reach this address");
    }

    @Test
    void answerTheChallengeOfAServer() {
        events((request, response) -> request.requestHeaders().contains("Authorization")
                ? response.sse()
                        .sendString(Mono.just("data: 1\n\n"))
                        .then(Mono.fromRunnable(
                                () -> asked.add(request.requestHeaders().get("Authorization"))))
                : response.status(401)
                        .header("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"")
                        .send());

        StepVerifier.create(desk.values(at("http", ""), "authentication: { digest: { username: jo, password: p } }, "))
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(asked.peek()).startsWith("Digest username=\"jo\"");

        events((request, response) -> response.status(401).send());
        fails(desk.values(at("http", ""), BEARER), "communication", 401, "answered with status 401");
    }

    @Test
    void takeTheMessagesOfAWebSocket() {
        serve(routes -> routes.ws("/news", (in, out) -> {
            asked.add(in.headers().get("Authorization"));
            return out.sendString(Flux.just("{\"id\":3}", "text"));
        }));

        StepVerifier.create(desk.values(at("ws", ""), BEARER))
                .expectNext("{\"payload\":{\"id\":3},\"correlationId\":\"3\"}", "{\"payload\":\"text\"}")
                .expectComplete()
                .verify(DEADLINE);
        assertThat(asked).containsExactly("Bearer s3cret-token");

        events((request, response) -> response.status(404).send());
        fails(desk.values(at("ws", ""), ""), "communication", 404, "answered with status 404");
    }

    @Test
    void areNoMoreThanThereMayBe() {
        serve(routes ->
                routes.ws("/news", (in, out) -> out.sendString(Flux.just("1").concatWith(Flux.never()))));
        Flux<String> held = desk.values(at("ws", ""), "");

        StepVerifier.create(held.take(1).zipWith(held.take(1)))
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
        Sinks.Empty<Void> third = Sinks.empty();
        StepVerifier.create(Flux.merge(held, held, third.asMono().thenMany(held)))
                .expectNextCount(2)
                .then(() -> third.tryEmitEmpty().orThrow())
                .expectErrorSatisfies(error -> failed(error, "communication", 503, "as it may have (4)"))
                .verify(DEADLINE);
    }

    @Test
    void subscribeToNothingThatIsNoLongerTheirs() {
        events((request, response) -> {
            asked.add("asked");
            return response.sse().sendString(Mono.just("data: 1\n\n"));
        });
        desk.permitted.set(false);

        StepVerifier.create(desk.values(at("http", ""), "")).verifyError(FencedException.class);
        assertThat(asked).isEmpty();
    }

    private void events(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
        serve(routes -> routes.get("/news", handler));
    }

    private void serve(Consumer<HttpServerRoutes> routes) {
        server.disposeNow(DEADLINE);
        server = HttpServer.create().host("127.0.0.1").port(0).route(routes).bindNow(DEADLINE);
    }

    private String at(String protocol, String more) {
        return "{ host: '127.0.0.1:" + server.port() + "', protocol: " + protocol + more + " }";
    }

    private static void fails(Flux<String> values, String type, int status, String detail) {
        StepVerifier.create(values).verifyErrorSatisfies(error -> failed(error, type, status, detail));
    }

    static void failed(Throwable error, String type, int status, String detail) {
        assertThat(error).isInstanceOf(CallFailure.class);
        var failure = ((CallFailure) error).error();
        assertThat(failure.detail()).contains(detail);
        assertThat(failure.type()).endsWith("/errors/" + type);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(List.of(failure.instance())).containsExactly("/do/0/a");
    }
}

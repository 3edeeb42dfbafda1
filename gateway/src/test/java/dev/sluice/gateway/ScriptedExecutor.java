package dev.sluice.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** A peer that speaks HTTP/2 without TLS and does as the test says. */
final class ScriptedExecutor implements AutoCloseable {

    /** What arrived: identity headers, other authorization, and the target as it came over the wire. */
    record Seen(String method, String target, List<String> identities, List<String> authorizations, String version) {}

    /** An event that a run emitted. */
    static final UUID EMITTED = new UUID(0x01a0_0000_0000_7000L, 1);

    /** An event that no executor knows. */
    static final UUID UNKNOWN = new UUID(0x01a0_0000_0000_7000L, 2);

    /** A path that says how it is answered. */
    private static final Pattern STATUS = Pattern.compile("/status-(\\d{3})");

    /** The path of a start, which says what it is and how it is answered. */
    private static final Pattern START = Pattern.compile("/(started|repeated)/(\\d{3})/runs");

    final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final Sinks.Many<String> events = Sinks.many().multicast().onBackpressureBuffer(16, false);
    /** What it keeps for whoever asks. */
    volatile Flux<String> exported = Flux.just("{\"kind\":\"part\",\"omitted\":{\"workflow.run\":[\"node\"]}}\n");

    volatile boolean erasuresFail;

    /** Targets of event streams that were left. */
    final Set<String> cancelled = ConcurrentHashMap.newKeySet();

    private final CountDownLatch slowAsked = new CountDownLatch(1);
    private final Sinks.Empty<Void> slowAnswered = Sinks.empty();
    /** Its own: a gateway that stops takes those of the process with it. */
    private final LoopResources loops = LoopResources.create("scripted-executor", 2, true);

    private final DisposableServer server;

    ScriptedExecutor() {
        this.server = HttpServer.create()
                .runOn(loops)
                .host("127.0.0.1")
                .port(0)
                .protocol(HttpProtocol.H2C, HttpProtocol.HTTP11)
                .handle(this::handle)
                .bindNow(Duration.ofSeconds(10));
    }

    /** To all watchers, as soon as there is one. */
    void emit(String event) {
        long deadline = System.nanoTime() + RunningGateway.DEADLINE.toNanos();
        while (events.currentSubscriberCount() == 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        events.emitNext(event, Sinks.EmitFailureHandler.FAIL_FAST);
    }

    /** Blocks until the slow answer has been asked for. */
    void awaitSlow() throws InterruptedException {
        if (!slowAsked.await(RunningGateway.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("nobody asked for the slow answer");
        }
    }

    void answerSlow() {
        slowAnswered.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        seen.add(new Seen(
                request.method().name(),
                request.uri(),
                request.requestHeaders().getAll("Sluice-Identity"),
                request.requestHeaders().getAll("Authorization"),
                request.protocol()));
        String uri = request.uri();
        if (uri.endsWith("/events")) {
            return stream(uri, response);
        }
        Matcher start = START.matcher(uri);
        if (start.find()) {
            return response.status(Integer.parseInt(start.group(2)))
                    .header("Sluice-Start", start.group(1))
                    .header("Content-Type", "application/json")
                    .sendString(Mono.just("{}"))
                    .then();
        }
        if (uri.endsWith("/hang")) {
            return Mono.never();
        }
        if (uri.endsWith("/slow")) {
            slowAsked.countDown();
            return slowAnswered
                    .asMono()
                    .then(response.header("Content-Type", "application/json")
                            .sendString(Mono.just("{\"slow\":true}"))
                            .then());
        }
        if (uri.endsWith("/reset")) {
            return Mono.<Void>never()
                    .doOnSubscribe(ignored -> request.withConnection(connection -> connection.dispose()));
        }
        if (uri.startsWith("/v1/erasure")) {
            return erase(uri, response);
        }
        if (uri.equals("/v1/export")) {
            return response.header("Content-Type", "application/x-ndjson")
                    .sendString(exported)
                    .then();
        }
        if (uri.equals("/v1/pressure")) {
            return response.header("Content-Type", "application/json")
                    .sendString(Mono.just("{\"service\":\"scripted\",\"complete\":true,\"bounds\":[],\"length\":0}"))
                    .then();
        }
        if (uri.equals("/v1/events/" + EMITTED + "/runs")) {
            return response.header("Content-Type", "application/json")
                    .sendString(Mono.just(
                            "{\"event\":{\"id\":\"own\",\"type\":\"t\",\"source\":\"/a/b\",\"time\":\"2026-01-02T03:04:05Z\",\"data\":5},"
                                    + "\"received\":true,\"workflows\":[]}"))
                    .then();
        }
        if (uri.equals("/v1/events/" + UNKNOWN + "/runs")) {
            return response.status(404).send();
        }
        Matcher status = STATUS.matcher(uri);
        if (status.find()) {
            return response.status(Integer.parseInt(status.group(1))).send();
        }
        if (uri.endsWith("/problem")) {
            return response.status(409)
                    .header("Content-Type", "application/problem+json")
                    .sendString(Mono.just("{\"type\":\"urn:sluice:problem:conflict\"}"))
                    .then();
        }
        return request.receive()
                .aggregate()
                .asString()
                .defaultIfEmpty("")
                .flatMap(body -> response.header("Content-Type", "application/json")
                        .sendString(Mono.just("{\"received\":true,\"workflows\":[],\"length\":" + body.length() + "}"))
                        .then());
    }

    private Mono<Void> erase(String uri, HttpServerResponse response) {
        if (erasuresFail) {
            return response.status(503).send();
        }
        String answer = uri.contains("?")
                ? "{\"erased\":0,\"walked\":true,\"clean\":true,\"counts\":{\"workflow.run\":3}}"
                : "{\"rows\":0}";
        return response.header("Content-Type", "application/json")
                .sendString(Mono.just(answer))
                .then();
    }

    private Mono<Void> stream(String uri, HttpServerResponse response) {
        Flux<String> body = events.asFlux().doOnCancel(() -> cancelled.add(uri));
        return response.sse()
                .sendString(
                        body.map(event -> "data: " + event + "\n\n").startWith(": open\n\n"),
                        java.nio.charset.StandardCharsets.UTF_8)
                .then();
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(RunningGateway.DEADLINE);
    }
}

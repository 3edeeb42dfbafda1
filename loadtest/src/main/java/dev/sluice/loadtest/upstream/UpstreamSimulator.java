package dev.sluice.loadtest.upstream;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.web.KeepReading;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.KeyManagerFactory;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;
import tools.jackson.databind.node.ObjectNode;

/**
 * An HTTP server (HTTP/1.1 and h2c, or HTTP/2 over TLS) that stands in for an external API. Any path with any method is answered as its query
 * parameters say ({@link Behaviour}); {@code GET /stats} shows the counts ({@code ?key=…} those of one
 * {@code Idempotency-Key}), {@code POST /reset} starts them anew. Request bodies are read and dropped. Thread-safe.
 */
public final class UpstreamSimulator implements AutoCloseable {

    /** The port {@code ./sluice up} lets workflows reach. */
    public static final int DEFAULT_PORT = 9900;

    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final RequestCounters counters;
    private final DisposableServer server;
    private final String scheme;

    private UpstreamSimulator(RequestCounters counters, DisposableServer server, String scheme) {
        this.counters = counters;
        this.server = server;
        this.scheme = scheme;
    }

    /**
     * Starts a simulator; fails with the bind error when the port is taken.
     *
     * @param host address to listen on
     * @param port port, or 0 for any free one
     */
    public static Mono<UpstreamSimulator> start(String host, int port) {
        RequestCounters counters = new RequestCounters();
        return KeepReading.on(HttpServer.create())
                .host(host)
                .port(port)
                .protocol(HttpProtocol.HTTP11, HttpProtocol.H2C)
                .handle((request, response) -> route(counters, request, response))
                .bind()
                .map(server -> new UpstreamSimulator(counters, server, "http"));
    }

    /**
     * The same over TLS and with HTTP/2 alone, which a client has to agree to by ALPN: many requests need few connections.
     *
     * @param keys       the server's own
     * @param maxStreams requests at once on one connection
     */
    public static Mono<UpstreamSimulator> startSecure(String host, int port, KeyManagerFactory keys, long maxStreams) {
        RequestCounters counters = new RequestCounters();
        GenericSslContextSpec<SslContextBuilder> tls = Http2SslContextSpec.forServer(keys);
        return HttpServer.create()
                .host(host)
                .port(port)
                .protocol(HttpProtocol.H2)
                .secure(spec -> spec.sslContext(tls))
                .http2Settings(settings -> settings.maxConcurrentStreams(maxStreams))
                .handle((request, response) -> route(counters, request, response))
                .bind()
                .map(server -> new UpstreamSimulator(counters, server, "https"));
    }

    /** Where it listens, without a path. */
    public URI uri() {
        return URI.create(scheme + "://" + server.host() + ":" + server.port());
    }

    /** What it saw since the start or the last {@link #reset}. */
    public UpstreamStats stats() {
        return counters.stats();
    }

    /** How often a request came with this {@code Idempotency-Key}. */
    public int requestsWithKey(String key) {
        return counters.requestsWithKey(key);
    }

    /** Starts the counts anew; requests being answered stay counted as in flight. */
    public void reset() {
        counters.reset();
    }

    /** Completes when the server has stopped. */
    public Mono<Void> stopped() {
        return server.onDispose();
    }

    /** Stops listening and closes what is open; waits up to five seconds. For mains and tests. */
    @Override
    public void close() {
        server.disposeNow(STOP_WITHIN);
    }

    private static Publisher<Void> route(
            RequestCounters counters, HttpServerRequest request, HttpServerResponse response) {
        return switch (request.fullPath()) {
            case "/stats" -> json(response.status(200), statsJson(counters, request.uri()));
            case "/reset" -> reset(counters, response);
            default -> answer(counters, request, response);
        };
    }

    private static Publisher<Void> reset(RequestCounters counters, HttpServerResponse response) {
        counters.reset();
        return response.status(204).send();
    }

    private static Publisher<Void> answer(
            RequestCounters counters, HttpServerRequest request, HttpServerResponse response) {
        Behaviour behaviour;
        try {
            behaviour = Behaviour.of(request.uri());
        } catch (IllegalArgumentException e) {
            return json(response.status(400), Json.object().put("detail", e.getMessage()));
        }
        return Mono.defer(() -> {
            counters.arrived(request.requestHeaders().get("idempotency-key"));
            AtomicBoolean whole = new AtomicBoolean();
            return request.receive()
                    .then(Mono.delay(behaviour.latency()))
                    .then(Mono.defer(() -> Mono.from(send(behaviour, response, whole))))
                    .doFinally(end -> counters.left(whole.get()));
        });
    }

    /** A send completes also when the client has gone; {@code whole} tells whether the content came to its end. */
    private static Publisher<Void> send(Behaviour behaviour, HttpServerResponse response, AtomicBoolean whole) {
        if (behaviour.errorRate() > 0 && ThreadLocalRandom.current().nextDouble() < behaviour.errorRate()) {
            whole.set(true);
            return json(response.status(behaviour.errorStatus()), Json.object().put("detail", "an error as asked for"));
        }
        response.status(behaviour.status())
                .header(HttpHeaderNames.CONTENT_TYPE, behaviour.form().mediaType());
        return switch (behaviour.form()) {
            case BODY ->
                response.header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(Content.length(behaviour.bytes())))
                        .send(Content.body(behaviour.bytes()).doOnComplete(() -> whole.set(true)));
            case NDJSON, SSE ->
                response.send(Content.chunks(behaviour).doOnComplete(() -> whole.set(true)), chunk -> true);
        };
    }

    private static Publisher<Void> json(HttpServerResponse response, ObjectNode body) {
        byte[] bytes = Json.bytes(body);
        return response.header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(bytes.length))
                .sendByteArray(Mono.just(bytes));
    }

    private static ObjectNode statsJson(RequestCounters counters, String target) {
        UpstreamStats stats = counters.stats();
        ObjectNode json = Json.object()
                .put("requests", stats.requests())
                .put("completed", stats.completed())
                .put("cancelled", stats.cancelled())
                .put("inFlight", stats.inFlight())
                .put("maxInFlight", stats.maxInFlight())
                .put("distinctKeys", stats.distinctKeys())
                .put("repeatedKeys", stats.repeatedKeys())
                .put("withoutKey", stats.withoutKey());
        new QueryStringDecoder(target)
                .parameters()
                .getOrDefault("key", List.of())
                .forEach(key -> json.put("requestsWithKey", counters.requestsWithKey(key)));
        return json;
    }
}

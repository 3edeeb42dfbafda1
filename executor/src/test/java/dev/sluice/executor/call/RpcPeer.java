package dev.sluice.executor.call;

import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;

/** A server of JSON-RPC that answers as it is told and notes what it is asked. */
public final class RpcPeer implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /**
     * What was asked.
     *
     * @param headers by lower-case name
     * @param body    a missing node for none
     */
    public record Asked(String verb, Map<String, String> headers, JsonNode body) {

        /** The method of JSON-RPC, empty where there is none. */
        public String method() {
            return body.path("method").asString("");
        }

        /** A header's value, empty where there is none. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** Answers what is asked. */
    @FunctionalInterface
    public interface Script {
        Publisher<Void> answer(Asked asked, HttpServerResponse response);
    }

    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Sinks.Many<Asked> told = Sinks.many().replay().all();
    private final DisposableServer server;

    public RpcPeer(Script script) {
        this.server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asByteArray()
                        .defaultIfEmpty(new byte[0])
                        .flatMap(body -> {
                            Asked one = asked(request, body);
                            note(one);
                            return Mono.from(script.answer(one, response));
                        }))
                .bindNow(DEADLINE);
    }

    private synchronized void note(Asked one) {
        asked.add(one);
        told.emitNext(one, Sinks.EmitFailureHandler.FAIL_FAST);
    }

    public String url() {
        return "http://127.0.0.1:" + server.port() + "/rpc";
    }

    /** What was asked up to now. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** What was asked by a method of JSON-RPC. */
    public List<Asked> asked(String method) {
        return asked.stream().filter(one -> one.method().equals(method)).toList();
    }

    /** The methods, or the verbs where there is none, in order. */
    public List<String> said() {
        return asked.stream()
                .map(one -> one.body().isMissingNode() ? one.verb() : one.method())
                .toList();
    }

    /** The first request of a kind, whenever it comes. */
    public Asked awaited(Predicate<Asked> wanted) {
        return Objects.requireNonNull(told.asFlux().filter(wanted).blockFirst(DEADLINE));
    }

    /** Waits for a request of a kind. */
    public void await(Predicate<Asked> wanted) {
        var _ = awaited(wanted);
    }

    public static Publisher<Void> status(HttpServerResponse response, int status) {
        return response.status(status).send();
    }

    public static Publisher<Void> json(HttpServerResponse response, String body) {
        return response.header("Content-Type", "application/json").sendString(Mono.just(body));
    }

    /** The data of events, which are sent as they come. */
    public static Publisher<Void> events(HttpServerResponse response, Flux<String> data) {
        return raw(response, data.map(text -> "data: " + text + "\n\n"));
    }

    public static Publisher<Void> raw(HttpServerResponse response, Flux<String> text) {
        return response.sse().sendString(text);
    }

    /** The answer to a request. */
    public static String result(Asked asked, String result) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + asked.body().path("id") + ",\"result\":" + result + '}';
    }

    public static String error(Asked asked, int code, String message) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + asked.body().path("id") + ",\"error\":{\"code\":" + code
                + ",\"message\":\"" + message + "\"}}";
    }

    @Override
    public void close() {
        server.disposeNow(DEADLINE);
    }

    private static Asked asked(HttpServerRequest request, byte[] body) {
        Map<String, String> headers = new TreeMap<>();
        request.requestHeaders()
                .forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        JsonNode read = body.length == 0 ? Json.object().path("none") : Json.read(body);
        return new Asked(request.method().name(), headers, read);
    }
}

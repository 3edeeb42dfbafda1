package dev.sluice.gateway;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** An HTTP/1.1 server on a free port that does as it is told, and remembers what it was asked. */
final class ScriptedUpstream implements AutoCloseable {

    /** What it does with a request. */
    interface Script extends BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {}

    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final AtomicReference<Script> script = new AtomicReference<>(ScriptedUpstream::ok);

    /** Its own: a gateway that stops takes those of the process with it. */
    private final LoopResources loops = LoopResources.create("scripted-upstream", 2, true);

    private final DisposableServer server;

    private ScriptedUpstream() {
        this.server = HttpServer.create()
                .runOn(loops)
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> {
                    asked.add(new Asked(
                            request.method().name(),
                            request.uri(),
                            request.requestHeaders().copy()));
                    return script.get().apply(request, response);
                })
                .bindNow();
    }

    static ScriptedUpstream start() {
        return new ScriptedUpstream();
    }

    /** A request as it arrived. */
    record Asked(String method, String target, io.netty.handler.codec.http.HttpHeaders headers) {}

    /** What it does from now on. */
    void does(Script next) {
        script.set(next);
    }

    /** Answers everything with "ok" from now on, and forgets what it was asked. */
    void reset() {
        script.set(ScriptedUpstream::ok);
        asked.clear();
    }

    private static Publisher<Void> ok(HttpServerRequest request, HttpServerResponse response) {
        return response.sendString(Mono.just("ok"));
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    List<Asked> asked() {
        return asked;
    }

    Asked last() {
        return asked.getLast();
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
        loops.dispose();
    }
}

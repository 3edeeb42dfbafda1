package dev.sluice.executor.call;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/** An authority and an upstream in one: answers as it is told and notes what it is asked. */
final class Authority implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /**
     * What was asked.
     *
     * @param authorization the header, empty when there was none
     */
    record Asked(String target, String authorization, String body) {}

    /** What is answered. */
    record Answer(int status, String body, Duration after, String challenge) {

        static Answer of(int status, String body) {
            return new Answer(status, body, Duration.ZERO, "");
        }
    }

    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
    private final DisposableServer server;

    Authority(Function<Asked, Answer> script) {
        this.server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asString(StandardCharsets.UTF_8)
                        .defaultIfEmpty("")
                        .flatMap(body -> {
                            Asked one = asked(request, body);
                            asked.add(one);
                            Answer answer = script.apply(one);
                            response.status(answer.status()).header("Content-Type", "application/json");
                            if (!answer.challenge().isEmpty()) {
                                response.header("WWW-Authenticate", answer.challenge());
                            }
                            return Mono.delay(answer.after())
                                    .then(response.sendString(Mono.just(answer.body()))
                                            .then());
                        }))
                .bindNow(DEADLINE);
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** In the order in which it came, of all targets that begin so. */
    List<Asked> asked(String target) {
        return List.copyOf(asked).stream()
                .filter(one -> one.target().startsWith(target))
                .toList();
    }

    @Override
    public void close() {
        server.disposeNow(DEADLINE);
    }

    private static Asked asked(HttpServerRequest request, String body) {
        String authorization = request.requestHeaders().get("Authorization", "");
        return new Asked(request.uri(), authorization, body);
    }
}

package dev.sluice.loadtest.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.shared.web.KeepReading;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Answers as the gateway's public API does where the simulations call it, and checks what they send. */
final class ScriptedGateway implements AutoCloseable {

    static final String API_KEY = "sk_test";
    static final String SECRET = "a secret";
    static final String HOOK = "/hooks/token";

    private final DisposableServer server;
    private final Set<String> deliveries = ConcurrentHashMap.newKeySet();
    private final AtomicInteger runs = new AtomicInteger();

    ScriptedGateway() {
        server = KeepReading.on(HttpServer.create())
                .host("127.0.0.1")
                .port(0)
                .handle(this::answer)
                .bindNow(Duration.ofSeconds(10));
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    int deliveries() {
        return deliveries.size();
    }

    int runs() {
        return runs.get();
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .aggregate()
                .asByteArray()
                .flatMap(
                        body -> Mono.from(response.status(status(request, body)).sendString(Mono.just("{}"))));
    }

    private int status(HttpServerRequest request, byte[] body) {
        String path = request.fullPath();
        if (path.equals(HOOK)) {
            return deliver(request, body);
        }
        if (!("Bearer " + API_KEY).equals(request.requestHeaders().get("Authorization"))) {
            return 401;
        }
        runs.incrementAndGet();
        return "wait=10".equals(request.requestHeaders().get("Prefer")) ? 200 : 202;
    }

    private int deliver(HttpServerRequest request, byte[] body) {
        boolean signed =
                ("sha256=" + hmac(body)).equals(request.requestHeaders().get("X-Signature-256"));
        return signed && deliveries.add(request.requestHeaders().get("Idempotency-Key")) ? 202 : 401;
    }

    private static String hmac(byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

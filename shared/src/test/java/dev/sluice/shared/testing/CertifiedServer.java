package dev.sluice.shared.testing;

import dev.sluice.shared.web.KeepReading;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A server on loopback that wants a certificate of its clients, and answers each request with the name in the one that it was
 * shown. What is asked for below {@code /slow} goes on for ever, {@code /socket} is a WebSocket.
 */
public final class CertifiedServer implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Queue<String> shown = new ConcurrentLinkedQueue<>();
    private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
    private final DisposableServer server;

    /**
     * A new one.
     *
     * @param own      what it shows
     * @param clients  whom it knows
     * @param versions of TLS, none for all
     */
    public CertifiedServer(TestTls own, List<TestTls> clients, String... versions) {
        this.server = KeepReading.on(HttpServer.create()
                        .protocol(HttpProtocol.HTTP11, HttpProtocol.H2)
                        .secure(spec -> spec.sslContext(own.offeringHttp2().configure(tls -> {
                            tls.clientAuth(ClientAuth.REQUIRE).trustManager(TestTls.trust(clients));
                            if (versions.length > 0) {
                                tls.protocols(versions);
                            }
                        }))))
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.ws("/socket", (in, out) -> {
                            String[] name = new String[1];
                            in.withConnection(connection -> name[0] = name(connection));
                            return out.sendString(Mono.just(name[0]));
                        })
                        .get("/slow", (request, response) -> answer(request, response, Flux.never()))
                        .route(request -> true, (request, response) -> answer(request, response, Flux.empty())))
                .bindNow(DEADLINE);
    }

    /** Where it listens, under the name of {@code localhost}. */
    public int port() {
        return server.port();
    }

    /** The names in the certificates that requests came with, in order. */
    public List<String> shown() {
        return List.copyOf(shown);
    }

    /** How many connections requests came over. */
    public int connections() {
        return connections.size();
    }

    @Override
    public void close() {
        server.disposeNow(DEADLINE);
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response, Flux<String> rest) {
        String[] name = new String[1];
        request.withConnection(connection -> name[0] = name(connection));
        return response.header(HttpHeaderNames.CONTENT_TYPE, "text/plain")
                .sendString(Flux.just(name[0]).concatWith(rest));
    }

    private String name(Connection connection) {
        Channel channel = connection.channel();
        Channel whole = channel.pipeline().get(SslHandler.class) == null ? channel.parent() : channel;
        connections.add(whole);
        try {
            var session = whole.pipeline().get(SslHandler.class).engine().getSession();
            String name = TestTls.name((X509Certificate) session.getPeerCertificates()[0]);
            shown.add(name);
            return name;
        } catch (SSLPeerUnverifiedException e) {
            throw new AssertionError(e);
        }
    }
}

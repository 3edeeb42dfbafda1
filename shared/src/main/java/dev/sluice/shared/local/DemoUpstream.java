package dev.sluice.shared.local;

import dev.sluice.shared.web.KeepReading;
import java.net.BindException;
import java.time.Duration;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** The external API of the demo: a tracker that opens a ticket for whatever is posted to it. */
final class DemoUpstream implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int PORT = 9900;
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final DisposableServer server;

    private DemoUpstream(DisposableServer server) {
        this.server = server;
    }

    static DemoUpstream start() {
        try {
            return new DemoUpstream(KeepReading.on(HttpServer.create())
                    .host(HOST)
                    .port(PORT)
                    .route(routes -> routes.post(
                            "/tickets",
                            (request, response) -> response.status(201)
                                    .header("Content-Type", "application/json")
                                    .sendString(request.receive()
                                            .aggregate()
                                            .asByteArray()
                                            .map(body -> "{\"id\":\"TICKET-1\",\"state\":\"open\"}"))))
                    .bindNow(LIMIT));
        } catch (RuntimeException e) {
            throw e.getCause() instanceof BindException
                    ? new LocalFailure(
                            "Port " + PORT + " for the demo's upstream is in use: stop what listens there.", e)
                    : e;
        }
    }

    String url() {
        return "http://" + HOST + ":" + PORT + "/tickets";
    }

    @Override
    public void close() {
        server.disposeNow(LIMIT);
    }
}

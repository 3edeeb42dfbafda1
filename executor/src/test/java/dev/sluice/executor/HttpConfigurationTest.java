package dev.sluice.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2FrameCodec;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.WebServer;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

final class HttpConfigurationTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @Test
    void takesAsManyStreamsOnAConnectionAsAGatewayMayWant() {
        WebServer server = server();
        ConnectionProvider connections = ConnectionProvider.create("test", 1);
        try {
            Integer streams = HttpClient.create(connections)
                    .protocol(HttpProtocol.H2C)
                    .get()
                    .uri("http://127.0.0.1:" + server.getPort())
                    .responseConnection((response, connection) -> Mono.fromSupplier(() -> streams(connection)))
                    .blockLast(DEADLINE);
            assertThat(streams).isEqualTo(HttpConfiguration.MAX_STREAMS);
        } finally {
            connections.disposeLater().block(DEADLINE);
            server.stop();
        }
    }

    private static WebServer server() {
        var factory = new NettyReactiveWebServerFactory(0);
        var http2 = new Http2();
        http2.setEnabled(true);
        factory.setHttp2(http2);
        new HttpConfiguration().streamsOnAConnection().customize(factory);
        WebServer server = factory.getWebServer((request, response) -> {
            response.setStatusCode(HttpStatus.NO_CONTENT);
            return response.setComplete();
        });
        server.start();
        return server;
    }

    /** What the server's settings allow this client. */
    private static int streams(Connection connection) {
        var codec = connection.channel().parent().pipeline().get(Http2FrameCodec.class);
        return codec.connection().local().maxActiveStreams();
    }
}

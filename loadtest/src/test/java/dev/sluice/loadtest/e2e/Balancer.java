package dev.sluice.loadtest.e2e;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.NettyInbound;
import reactor.netty.NettyOutbound;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/** Connects each caller to the first of several ports of 127.0.0.1 that accepts, as a balancer before executors would. */
final class Balancer implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final DisposableServer server;

    Balancer(List<Integer> ports) {
        this.server = TcpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((in, out) -> forward(ports, in, out))
                .bindNow(LIMIT);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @Override
    public void close() {
        server.disposeNow(LIMIT);
    }

    private static Mono<Void> forward(List<Integer> ports, NettyInbound in, NettyOutbound out) {
        return Flux.fromIterable(ports)
                .concatMap(Balancer::connect)
                .next()
                .flatMap(connection -> Mono.firstWithSignal(
                                copy(in, connection.outbound()), copy(connection.inbound(), out))
                        .doFinally(end -> connection.dispose()));
    }

    private static Mono<Connection> connect(int port) {
        return TcpClient.newConnection()
                .host("127.0.0.1")
                .port(port)
                .connect()
                .map(Connection.class::cast)
                .onErrorResume(refused -> Mono.empty());
    }

    /** The way ends when one side closes it or breaks. */
    private static Mono<Void> copy(NettyInbound in, NettyOutbound out) {
        return out.send(in.receive().retain(), buffer -> true).then().onErrorResume(broken -> Mono.empty());
    }
}

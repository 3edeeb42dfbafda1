package dev.sluice.loadtest.drill;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.NettyInbound;
import reactor.netty.NettyOutbound;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/** Connects callers in turn to those of several ports of 127.0.0.1 that accept, as a balancer before executors would. */
final class Balancer implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final List<Integer> ports;
    private final Set<Integer> out = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();
    private final DisposableServer server;

    Balancer(List<Integer> ports) {
        this.ports = List.copyOf(ports);
        this.server = TcpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(this::forward)
                .bindNow(LIMIT);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** New callers do not get there; the kernel accepts for a process that is stopped. */
    void leaveOut(int port) {
        out.add(port);
    }

    void takeBack(int port) {
        out.remove(port);
    }

    @Override
    public void close() {
        server.disposeNow(LIMIT);
    }

    private Mono<Void> forward(NettyInbound in, NettyOutbound out) {
        int first = Math.floorMod(turn.getAndIncrement(), ports.size());
        return Flux.range(first, ports.size())
                .map(index -> ports.get(index % ports.size()))
                .filter(port -> !this.out.contains(port))
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

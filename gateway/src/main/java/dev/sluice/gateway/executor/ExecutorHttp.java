package dev.sluice.gateway.executor;

import dev.sluice.shared.outbound.Http2Exchanges;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.Http2AllocationStrategy;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * The connections to the executors: HTTP/2 without TLS by prior knowledge (RFC 9113, section 3.3), in a bounded pool with
 * a bounded queue for each. A connection's window has room for all of its streams, so that readers that stall hold up nobody. A request that failed is not sent again by itself, since it may have had its effect.
 */
public final class ExecutorHttp implements AutoCloseable {

    /** Connections made together do not end together. */
    private static final double LIFE_VARIANCE = 0.2;

    /** What an executor may send on one stream before somebody reads it. */
    private static final int STREAM_WINDOW = 32 * 1024;

    private final ConnectionProvider connections;
    private final HttpClient client;

    /** Connects to nothing yet. */
    public ExecutorHttp(ExecutorSettings settings) {
        this.connections = ConnectionProvider.builder("executor")
                .maxConnections(settings.maxConnections())
                .pendingAcquireMaxCount(settings.maxPending())
                .pendingAcquireTimeout(settings.acquireTimeout())
                .maxIdleTime(settings.maxIdle())
                .maxLifeTime(settings.maxLife())
                .maxLifeTimeVariance(LIFE_VARIANCE)
                .allocationStrategy(Http2AllocationStrategy.builder()
                        .minConnections(settings.minConnections())
                        .maxConnections(settings.maxConnections())
                        .maxConcurrentStreams(settings.maxStreams())
                        .build())
                .build();
        int window = Math.multiplyExact(settings.maxStreams(), STREAM_WINDOW);
        this.client = HttpClient.create(connections)
                .protocol(HttpProtocol.H2C)
                .http2Settings(http2 -> http2.initialWindowSize(STREAM_WINDOW))
                .doOnChannelInit((observer, channel, remote) -> Http2Exchanges.on(channel, window))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.connectTimeout().toMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .disableRetry(true);
    }

    /** The client for one executor, whatever path it is given; it has no response timeout of its own. */
    HttpClient to(InetSocketAddress address) {
        return client.remoteAddress(() -> address);
    }

    @Override
    public void close() {
        connections.dispose();
    }
}

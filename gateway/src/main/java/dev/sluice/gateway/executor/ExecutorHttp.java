package dev.sluice.gateway.executor;

import io.netty.channel.ChannelOption;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.Http2AllocationStrategy;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * The connections to the executors: HTTP/2 without TLS by prior knowledge (RFC 9113, section 3.3), in one bounded pool with
 * a bounded queue. A request that failed is not sent again by itself, since it may have had its effect.
 */
public final class ExecutorHttp implements AutoCloseable {

    private final ConnectionProvider connections;
    private final HttpClient client;

    /** Connects to nothing yet. */
    public ExecutorHttp(ExecutorSettings settings) {
        this.connections = ConnectionProvider.builder("executor")
                .maxConnections(settings.maxConnections())
                .pendingAcquireMaxCount(settings.maxPending())
                .pendingAcquireTimeout(settings.acquireTimeout())
                .maxIdleTime(settings.maxIdle())
                .allocationStrategy(Http2AllocationStrategy.builder()
                        .maxConnections(settings.maxConnections())
                        .maxConcurrentStreams(settings.maxStreams())
                        .build())
                .build();
        this.client = HttpClient.create(connections)
                .protocol(HttpProtocol.H2C)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.connectTimeout().toMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .disableRetry(true);
    }

    /** The client; it has no response timeout of its own. */
    public HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        connections.dispose();
    }
}

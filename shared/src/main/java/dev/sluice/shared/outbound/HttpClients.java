package dev.sluice.shared.outbound;

import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.Http2AllocationStrategy;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.SslProvider;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/** The clients over one set of pools, a client for each of what is spoken. Thread-safe. */
final class HttpClients implements AutoCloseable {

    /** At once on one connection of HTTP/2, of as many as its server takes. */
    private static final int MAX_STREAMS = 1000;

    /** What a server may send on one stream before somebody reads it. */
    private static final int STREAM_WINDOW = 64 * 1024;

    private static final int MAX_HEADER_BYTES = 32 * 1024;
    private static final Duration POOL_CHECK = Duration.ofSeconds(30);

    private final ConnectionProvider connections;
    private volatile boolean closed;
    private final HttpClient plain;
    private final HttpClient secure;
    private final HttpClient secureHttp1;
    private final HttpClient secureHttp2;
    private final HttpClient cleartext;

    /**
     * Connects to nothing yet. Blocks where the platform's certificates are read.
     *
     * @param maxWait   how long an exchange may wait for a connection of its host's pool
     * @param resolvers whose addresses are connected to; stays open
     * @param tls       what connections show and trust
     */
    static HttpClients lasting(
            OutboundSettings settings,
            Duration maxWait,
            CheckedResolverGroup resolvers,
            Consumer<SslContextBuilder> tls) {
        return new HttpClients(
                pool(settings, maxWait).disposeInactivePoolsInBackground(POOL_CHECK, POOL_CHECK),
                settings,
                resolvers,
                tls);
    }

    /**
     * The same for some minutes: pools of hosts stay until it is closed, since whatever looks after them in the background of Reactor
     * Netty is never let go.
     */
    static HttpClients passing(
            OutboundSettings settings,
            Duration maxWait,
            CheckedResolverGroup resolvers,
            Consumer<SslContextBuilder> tls) {
        return new HttpClients(pool(settings, maxWait), settings, resolvers, tls);
    }

    private HttpClients(
            ConnectionProvider.Builder pool,
            OutboundSettings settings,
            CheckedResolverGroup resolvers,
            Consumer<SslContextBuilder> tls) {
        SslProvider http1 = secured(Http11SslContextSpec.forClient().configure(tls));
        SslProvider alpn = secured(Http2SslContextSpec.forClient().configure(tls));
        this.connections = pool.build();
        HttpClient base = HttpClient.create(connections)
                .resolver(resolvers)
                .disableRetry(true)
                .followRedirect(false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.connectTimeout().toMillis())
                .httpResponseDecoder(decoder -> decoder.maxHeaderSize(MAX_HEADER_BYTES));
        this.plain = base.protocol(HttpProtocol.HTTP11);
        this.secureHttp1 = plain.secure(http1);
        HttpClient http2 = base.http2Settings(
                        own -> own.initialWindowSize(STREAM_WINDOW).maxHeaderListSize(MAX_HEADER_BYTES))
                .doOnChannelInit(
                        (observer, channel, remote) -> Http2Exchanges.on(channel, MAX_STREAMS * STREAM_WINDOW));
        this.secure = http2.protocol(HttpProtocol.H2, HttpProtocol.HTTP11).secure(alpn);
        this.secureHttp2 = http2.protocol(HttpProtocol.H2).secure(alpn);
        this.cleartext = http2.protocol(HttpProtocol.H2C);
    }

    /** The client for an address, where this is spoken. */
    HttpClient to(URI address, OutboundProtocol protocol) {
        boolean tls = "https".equalsIgnoreCase(address.getScheme());
        return switch (protocol) {
            case AUTO -> tls ? secure : plain;
            case HTTP1 -> tls ? secureHttp1 : plain;
            case H2C -> cleartext;
            case HTTP2 -> tls ? secureHttp2 : cleartext;
        };
    }

    /** Closes all connections; exchanges under way fail. Does not wait. */
    @Override
    public void close() {
        closed = true;
        connections.dispose();
    }

    boolean isClosed() {
        return closed;
    }

    private static SslProvider secured(GenericSslContextSpec<SslContextBuilder> tls) {
        return SslProvider.builder().sslContext(tls).build();
    }

    private static ConnectionProvider.Builder pool(OutboundSettings settings, Duration maxWait) {
        return ConnectionProvider.builder("outbound")
                .maxConnections(settings.maxConnectionsPerHost())
                .allocationStrategy(Http2AllocationStrategy.builder()
                        .maxConnections(settings.maxConnectionsPerHost())
                        .maxConcurrentStreams(MAX_STREAMS)
                        .build())
                .pendingAcquireMaxCount(settings.maxPendingPerHost())
                .pendingAcquireTimeout(maxWait)
                .maxIdleTime(settings.maxIdle())
                .evictInBackground(settings.maxIdle())
                .lifo();
    }
}

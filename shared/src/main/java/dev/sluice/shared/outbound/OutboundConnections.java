package dev.sluice.shared.outbound;

import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.HttpResources;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;
import reactor.netty.transport.NameResolverProvider;

/**
 * The connections to the outside: bounded pools, one for each host and port, to addresses that the {@link AddressPolicy}
 * permits, which is asked when connecting, of literals as well as of each DNS answer. HTTP/1.1, and over TLS also HTTP/2
 * (ALPN). No redirect is followed, no request repeated, nothing decompressed; there are no proxies and no cookies.
 * Thread-safe.
 */
public final class OutboundConnections implements AutoCloseable {

    private static final int MAX_HEADER_BYTES = 32 * 1024;
    private static final Duration POOL_CHECK = Duration.ofSeconds(30);
    private static final Duration DNS_TIMEOUT = Duration.ofSeconds(3);

    private final ConnectionProvider connections;
    private final CheckedResolverGroup resolvers;
    private final HttpClient plain;
    private final HttpClient secure;

    /**
     * Connects to nothing yet; resolves names by DNS (and the hosts file).
     *
     * @param maxWait how long an exchange may wait for a connection of its host's pool
     */
    public OutboundConnections(OutboundSettings settings, AddressPolicy policy, Duration maxWait) {
        this(settings, policy, maxWait, dns(), tls -> {});
    }

    OutboundConnections(
            OutboundSettings settings,
            AddressPolicy policy,
            Duration maxWait,
            AddressResolverGroup<InetSocketAddress> resolver,
            Consumer<SslContextBuilder> tls) {
        this.connections = pool(settings, maxWait);
        this.resolvers = new CheckedResolverGroup(resolver, policy);
        HttpClient base = HttpClient.create(connections)
                .resolver(resolvers)
                .disableRetry(true)
                .followRedirect(false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.connectTimeout().toMillis())
                .httpResponseDecoder(decoder -> decoder.maxHeaderSize(MAX_HEADER_BYTES));
        GenericSslContextSpec<SslContextBuilder> alpn =
                Http2SslContextSpec.forClient().configure(tls);
        this.plain = base.protocol(HttpProtocol.HTTP11);
        this.secure = base.protocol(HttpProtocol.H2, HttpProtocol.HTTP11).secure(spec -> spec.sslContext(alpn));
    }

    /** The client for an address; it has no timeout but that for connecting. */
    public HttpClient to(URI address) {
        return "https".equalsIgnoreCase(address.getScheme()) ? secure : plain;
    }

    /** Closes all connections; exchanges under way fail. Does not wait. */
    @Override
    public void close() {
        connections.dispose();
        resolvers.close();
    }

    private static ConnectionProvider pool(OutboundSettings settings, Duration maxWait) {
        return ConnectionProvider.builder("outbound")
                .maxConnections(settings.maxConnectionsPerHost())
                .pendingAcquireMaxCount(settings.maxPendingPerHost())
                .pendingAcquireTimeout(maxWait)
                .maxIdleTime(settings.maxIdle())
                .evictInBackground(settings.maxIdle())
                .disposeInactivePoolsInBackground(POOL_CHECK, POOL_CHECK)
                .lifo()
                .build();
    }

    private static AddressResolverGroup<InetSocketAddress> dns() {
        return NameResolverProvider.builder()
                .queryTimeout(DNS_TIMEOUT)
                .build()
                .newNameResolverGroup(HttpResources.get(), true);
    }
}

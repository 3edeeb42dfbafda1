package dev.sluice.shared.outbound;

import dev.sluice.shared.pressure.Bound;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.http.HttpResources;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.NameResolverProvider;

/**
 * The connections to the outside: bounded pools, one for each host and port, to addresses that the {@link AddressPolicy}
 * permits, which is asked when connecting, of literals as well as of each DNS answer. HTTP/1.1, over TLS also HTTP/2
 * (ALPN), and without it where that is asked for; there up to a thousand exchanges
 * share a connection. Connections that show a client certificate are shared by requests with the same one alone. No redirect is
 * followed, no request repeated, nothing decompressed; there are no proxies and no cookies. Thread-safe.
 */
public final class OutboundConnections implements AutoCloseable {

    /** Client certificates with connections at once. */
    private static final int MAX_CERTIFICATES = 256;

    private static final Duration CERTIFICATE_IDLE = Duration.ofMinutes(1);
    private static final Duration CERTIFICATE_LIFE = Duration.ofMinutes(10);

    private static final Duration DNS_TIMEOUT = Duration.ofSeconds(3);

    private final CheckedResolverGroup resolvers;
    private final HttpClients anonymous;
    private final CertifiedClients certified;

    /**
     * Connects to nothing yet; resolves names by DNS (and the hosts file).
     *
     * @param maxWait how long an exchange may wait for a connection of its host's pool
     */
    public OutboundConnections(OutboundSettings settings, OutboundAccess access, Duration maxWait) {
        this(settings, access, maxWait, dns(), access.trusted()::addTo);
    }

    OutboundConnections(
            OutboundSettings settings,
            OutboundAccess access,
            Duration maxWait,
            AddressResolverGroup<InetSocketAddress> resolver,
            Consumer<SslContextBuilder> tls) {
        this.resolvers = new CheckedResolverGroup(resolver, access);
        this.anonymous = HttpClients.lasting(settings, maxWait, resolvers, tls);
        this.certified = new CertifiedClients(
                MAX_CERTIFICATES,
                CERTIFICATE_IDLE,
                CERTIFICATE_LIFE,
                certificate -> HttpClients.passing(settings, maxWait, resolvers, tls.andThen(certificate::addTo)));
    }

    /** The client for an address, and for whatever is spoken there; it has no timeout but that for connecting. */
    public HttpClient to(URI address) {
        return to(address, OutboundProtocol.AUTO);
    }

    /** The client for an address, where this is spoken; {@link OutboundProtocol#H2C} is for addresses without TLS. */
    public HttpClient to(URI address, OutboundProtocol protocol) {
        return anonymous.to(address, protocol);
    }

    /**
     * What is done with the client for a request where this is spoken, which shows the request's certificate if it has one. Fails
     * with {@link OutboundException.Kind#CAPACITY} when {@value #MAX_CERTIFICATES} other certificates are in use, or half as many of
     * the same owner.
     */
    <T> Flux<T> using(
            OutboundRequest request, OutboundProtocol protocol, Function<HttpClient, ? extends Publisher<T>> exchange) {
        ClientCertificate certificate = request.certificate();
        return certificate == null
                ? Flux.from(exchange.apply(to(request.uri(), protocol)))
                : certified.using(certificate, clients -> exchange.apply(clients.to(request.uri(), protocol)));
    }

    /** How many client certificates there are connections with. */
    Bound certificates() {
        return Bound.refusing("client-certificates", MAX_CERTIFICATES, certified.open());
    }

    /** Closes all connections; exchanges under way fail. Does not wait. */
    @Override
    public void close() {
        anonymous.close();
        certified.close();
        resolvers.close();
    }

    /** Resolves names as all connections here do, for clients of other protocols: to permitted addresses alone. To be closed. */
    public static AddressResolverGroup<InetSocketAddress> resolving(OutboundAccess access) {
        return new CheckedResolverGroup(dns(), access);
    }

    private static AddressResolverGroup<InetSocketAddress> dns() {
        return NameResolverProvider.builder()
                .queryTimeout(DNS_TIMEOUT)
                .build()
                .newNameResolverGroup(HttpResources.get(), true);
    }
}

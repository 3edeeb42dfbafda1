package dev.sluice.executor.call.asyncapi;

import dev.sluice.shared.outbound.OutboundAccess;
import dev.sluice.shared.outbound.OutboundConnections;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.CommandEncoder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DnsResolvers;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.SocketAddressResolver;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Servers of Redis that workflows know: each message and each subscription has a connection of its own, to an address that the
 * operator's policy permits, which is closed afterwards. None is made anew when it is lost. Thread-safe.
 */
public final class ForeignRedis implements AutoCloseable {

    private static final int THREADS = 2;
    private static final int MOST_CONNECTING = 10_000;
    private static final Duration PING = Duration.ofSeconds(30);

    private final ClientResources resources;
    private final RedisClient client;
    private final AddressResolverGroup<InetSocketAddress> resolvers;
    private final int maxMessage;
    /** A client of TLS reads certificates from files when it is made, once for each connection. */
    private final Scheduler connecting = Schedulers.newBoundedElastic(THREADS, MOST_CONNECTING, "foreign-redis");

    /**
     * Connects to nothing yet.
     *
     * @param timeout    for connecting, and for the answer to a command
     * @param maxMessage bytes of one message
     */
    public ForeignRedis(OutboundAccess access, Duration timeout, int maxMessage) {
        this.maxMessage = maxMessage;
        this.resolvers = OutboundConnections.resolving(access);
        this.resources = ClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .socketAddressResolver(SocketAddressResolver.create(DnsResolvers.UNRESOLVED))
                .addressResolverGroup(resolvers)
                .nettyCustomizer(new NettyCustomizer() {
                    @Override
                    public void afterChannelInitialized(Channel channel) {
                        bound(channel, maxMessage);
                    }
                })
                .build();
        this.client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                // No HELLO, whose answer is a map as large as the server says: nothing of RESP 2 that is kept is an
                // aggregate.
                .protocolVersion(ProtocolVersion.RESP2)
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(true)
                        .build())
                .sslOptions(SslOptions.builder()
                        .jdkSslProvider()
                        .handshakeTimeout(timeout)
                        .sslContext(access::trust)
                        .build())
                .build());
    }

    /** Publishes a message; emits how many heard it. Asks right before it is sent whether it may be. */
    Mono<Long> publish(RedisURI server, String channel, String message, BooleanSupplier permitted) {
        return Mono.usingWhen(
                connect(() -> client.connectAsync(StringCodec.UTF8, server)),
                connection -> permitted.getAsBoolean()
                        ? published(connection, channel, message)
                        : Mono.error(new WithdrawnException()),
                ForeignRedis::closed);
    }

    private static Mono<Long> published(
            StatefulRedisConnection<String, String> connection, String channel, String message) {
        return Mono.fromCompletionStage(connection.async().publish(channel, message))
                .onErrorMap(error -> !(error instanceof RedisCommandExecutionException), SentException::new);
    }

    /**
     * The messages of a channel from when it is subscribed to. Those that nobody has asked for yet wait, within bounds; beyond them
     * it ends with {@link Backlog.OverflowException}.
     */
    Flux<String> subscribe(RedisURI server, String channel, BooleanSupplier permitted) {
        return Flux.usingWhen(
                connect(() -> client.connectPubSubAsync(StringCodec.UTF8, server)),
                connection ->
                        permitted.getAsBoolean() ? heard(connection, channel) : Flux.error(new WithdrawnException()),
                ForeignRedis::closed);
    }

    private Flux<String> heard(StatefulRedisPubSubConnection<String, String> connection, String channel) {
        Backlog backlog = new Backlog(maxMessage);
        connection.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String from, String message) {
                backlog.add(message);
            }
        });
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                backlog.fail(new RedisConnectionException("The connection was lost."));
            }
        });
        // Not an interval, whose cancellation may wait for a lock on an event loop.
        Mono<String> gone = Mono.delay(PING)
                .then(Mono.fromCompletionStage(() -> connection.async().ping()))
                .repeat()
                .then(Mono.never());
        return Mono.fromCompletionStage(() -> connection.async().subscribe(channel))
                .thenMany(backlog.messages())
                .takeUntilOther(gone);
    }

    /** Closes all connections, without waiting for it. */
    @Override
    public void close() {
        connecting.dispose();
        var _ = client.shutdownAsync();
        var _ = resources.shutdown();
        resolvers.close();
    }

    /** One that comes about although nobody waits for it any more is closed. */
    private <C extends StatefulConnection<String, String>> Mono<C> connect(
            Supplier<? extends CompletionStage<C>> connect) {
        return Mono.<C>create(sink -> {
                    AtomicBoolean unwanted = new AtomicBoolean();
                    var _ = sink.onCancel(() -> unwanted.set(true));
                    var _ = connect.get().whenComplete((connection, error) -> {
                        if (error != null) {
                            sink.error(error);
                            return;
                        }
                        sink.success(connection);
                        if (unwanted.get()) {
                            var _ = connection.closeAsync();
                        }
                    });
                })
                .subscribeOn(connecting);
    }

    private static Mono<Void> closed(StatefulConnection<String, String> connection) {
        return Mono.fromFuture(connection::closeAsync);
    }

    private static void bound(Channel channel, int maxMessage) {
        ChannelHandlerContext encoder = channel.pipeline().context(CommandEncoder.class);
        if (encoder == null) {
            throw new IllegalStateException("Redis: where did the encoder go?");
        }
        channel.pipeline().addBefore(encoder.name(), "bound", new BulkBound(maxMessage));
    }

    /** Whoever asked may not send any more; nothing was sent. */
    static final class WithdrawnException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        WithdrawnException() {
            super("withdrawn", null, false, false);
        }
    }

    /** A message went out and nobody knows whether it was published. */
    static final class SentException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        SentException(Throwable cause) {
            super("no answer", cause, false, false);
        }
    }
}

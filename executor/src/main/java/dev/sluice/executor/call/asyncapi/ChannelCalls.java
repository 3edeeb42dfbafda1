package dev.sluice.executor.call.asyncapi;

import dev.sluice.executor.asyncapi.Endpoint;
import dev.sluice.executor.asyncapi.Protocol;
import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.authentication.Credentials;
import dev.sluice.executor.call.CallCredentials;
import dev.sluice.executor.call.CallErrors;
import dev.sluice.executor.call.Places;
import dev.sluice.executor.definition.ChannelSubscription;
import dev.sluice.executor.definition.PublishCall;
import dev.sluice.executor.engine.Caller.Prepared;
import dev.sluice.executor.engine.Channels;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Message;
import dev.sluice.executor.engine.Scrubber;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundWebSockets;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Publishes messages and subscribes to channels, each in its protocol. Thread-safe. */
public final class ChannelCalls implements Channels {

    private final CallCredentials credentials;
    private final EventStreams streams;
    private final WebSockets sockets;
    private final RedisChannels redis;
    private final ChannelLimits limits;
    private final Places subscriptions;
    private final Places publishing;

    /** Channels that are reached by these. */
    public ChannelCalls(
            Authenticators authenticators, OutboundWebSockets sockets, ForeignRedis redis, ChannelLimits limits) {
        this.credentials = new CallCredentials(authenticators);
        this.streams = new EventStreams(authenticators, limits);
        this.sockets = new WebSockets(sockets, limits);
        this.redis = new RedisChannels(redis);
        this.limits = limits;
        this.subscriptions = new Places(limits.maxSubscriptions());
        this.publishing = new Places(limits.maxPublishing());
    }

    /** As {@link dev.sluice.executor.engine.Caller#prepare}; the output is null, since nobody answers a message. */
    public Mono<Prepared> prepare(PublishCall call, Invocation invocation) {
        return credentials.<Outgoing, Prepared>prepare(
                call.authentication(),
                invocation,
                (seeing, given) -> outgoing(call, seeing),
                (outgoing, given) -> () -> publish(call.endpoint(), outgoing, given, invocation));
    }

    private Outgoing outgoing(PublishCall call, Invocation invocation) {
        JsonNode evaluated = call.message().evaluate(invocation.input(), invocation.scope());
        byte[] message = call.messages().encoded(evaluated.path("payload"));
        if (message.length > limits.maxMessage()) {
            throw new ExpressionException(
                    "The message has " + message.length + " bytes, at most " + limits.maxMessage() + " are possible");
        }
        Endpoint endpoint = call.endpoint();
        return new Outgoing(
                endpoint.uri(evaluated), endpoint.channel(evaluated), endpoint.handshake(evaluated), message);
    }

    private Mono<JsonNode> publish(Endpoint endpoint, Outgoing outgoing, Credentials given, Invocation invocation) {
        String instance = invocation.instance();
        Mono<Void> sent = endpoint.protocol() == Protocol.REDIS
                ? redis.publish(outgoing.uri(), outgoing.channel(), outgoing.message(), given, invocation)
                : sockets.publish(endpoint, outgoing, given, invocation);
        Flux<Void> placed = publishing.in(
                invocation.organization(),
                sent.flux(),
                () -> ChannelErrors.communication(
                        instance, 503, "Too many messages are being published on this node."));
        return CallErrors.failing(placed.then(Mono.fromSupplier(NullNode::getInstance)), instance);
    }

    @Override
    public Flux<Message> messages(ChannelSubscription channel, Invocation invocation, @Nullable String lastId) {
        String instance = invocation.instance();
        Flux<Message> subscribed = credentials
                .of(channel.authentication(), invocation)
                .flatMapMany(given -> {
                    Scrubber unechoed = CallCredentials.unechoed(given);
                    return subscribed(channel, given, invocation, unechoed, lastId)
                            .map(message -> new Message(unechoed.scrub(message.value()), message.id()));
                });
        return CallErrors.failing(
                subscriptions.in(
                        invocation.organization(),
                        subscribed,
                        () -> ChannelErrors.communication(
                                instance,
                                503,
                                "This node has as many subscriptions to channels as it may have ("
                                        + limits.maxSubscriptions() + "), or this organization half of them.")),
                instance);
    }

    private Flux<Message> subscribed(
            ChannelSubscription channel,
            Credentials given,
            Invocation invocation,
            Scrubber unechoed,
            @Nullable String lastId) {
        Invocation seeing = CallCredentials.seeing(channel.authentication(), given, invocation);
        return invocation
                .evaluations()
                .of(() -> channel.arguments().evaluate(seeing.input(), seeing.scope()))
                .flatMapMany(arguments -> switch (channel.endpoint().protocol()) {
                    case HTTP -> streams.messages(channel, arguments, given, invocation, unechoed, lastId);
                    case WS ->
                        sockets.messages(channel.endpoint(), arguments, given, invocation, unechoed)
                                .map(text -> came(channel, text));
                    case REDIS ->
                        redis.messages(channel.endpoint(), arguments, given, invocation)
                                .map(text -> came(channel, text));
                });
    }

    private static Message came(ChannelSubscription channel, String text) {
        return new Message(channel.messages().inbound(text, Json.object()), null);
    }
}

package dev.sluice.executor.call.asyncapi;

import dev.sluice.executor.asyncapi.Endpoint;
import dev.sluice.executor.authentication.Credentials;
import dev.sluice.executor.call.asyncapi.Handshakes.RefusedException;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Scrubber;
import dev.sluice.shared.outbound.HandshakeException;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.outbound.OutboundWebSockets;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Messages over WebSocket, each of which is one of its own. Thread-safe. */
final class WebSockets {

    private final OutboundWebSockets sockets;
    private final ChannelLimits limits;

    WebSockets(OutboundWebSockets sockets, ChannelLimits limits) {
        this.sockets = sockets;
        this.limits = limits;
    }

    /**
     * The texts that come, until the other side closes.
     *
     * @param unechoed takes credentials out, also those that the server asks for
     */
    Flux<String> messages(
            Endpoint endpoint, JsonNode arguments, Credentials credentials, Invocation invocation, Scrubber unechoed) {
        OutboundRequest request =
                request(endpoint, endpoint.uri(arguments), endpoint.handshake(arguments), credentials, invocation);
        Flux<byte[]> received = Handshakes.authenticated(
                request, credentials, invocation.instance(), unechoed, made -> received(endpoint, made, invocation));
        return received.map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private Flux<byte[]> received(Endpoint endpoint, OutboundRequest request, Invocation invocation) {
        return sockets.receive(request, endpoint.subprotocol(), invocation.permitted())
                .onErrorMap(HandshakeException.class, refused -> new RefusedException(refused.head()));
    }

    /**
     * Sends one message; completes when the other side has read it. Ends with {@link IllegalArgumentException} where its handshake would be
     * no request.
     */
    Mono<Void> publish(Endpoint endpoint, Outgoing outgoing, Credentials credentials, Invocation invocation) {
        return Mono.fromSupplier(() -> request(endpoint, outgoing.uri(), outgoing.handshake(), credentials, invocation))
                .flatMapMany(request -> Handshakes.<Void>authenticated(
                        request,
                        credentials,
                        invocation.instance(),
                        new Scrubber(),
                        made -> sent(endpoint, made, outgoing.message(), invocation)))
                .then();
    }

    private Flux<Void> sent(Endpoint endpoint, OutboundRequest request, byte[] text, Invocation invocation) {
        return sockets.send(request, endpoint.subprotocol(), text, invocation.permitted())
                .onErrorMap(HandshakeException.class, refused -> new RefusedException(refused.head()))
                .flux();
    }

    /** Its handshake is a request over HTTP. */
    private OutboundRequest request(
            Endpoint endpoint, URI uri, Map<String, String> headers, Credentials credentials, Invocation invocation) {
        URI http = URI.create("http" + uri.toString().substring("ws".length()));
        return Handshakes.request(endpoint, http, headers, credentials, invocation, limits.maxMessage());
    }
}

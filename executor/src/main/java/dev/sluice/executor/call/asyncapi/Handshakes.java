package dev.sluice.executor.call.asyncapi;

import dev.sluice.executor.asyncapi.Endpoint;
import dev.sluice.executor.authentication.Credentials;
import dev.sluice.executor.call.CallCredentials;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Scrubber;
import dev.sluice.shared.outbound.OutboundHead;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.outbound.OutboundResponse;
import dev.sluice.shared.telemetry.TraceParent;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The requests by which streams and WebSockets begin, and what a server answers that wants other credentials. */
final class Handshakes {

    private static final int UNAUTHORIZED = 401;

    private Handshakes() {}

    /** The request, which says who makes it if the server need not ask first. */
    static OutboundRequest request(
            Endpoint endpoint,
            URI uri,
            Map<String, String> own,
            Credentials credentials,
            Invocation invocation,
            int maxMessage) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(own);
        TraceParent.parse(invocation.traceparent())
                .ifPresent(
                        trace -> headers.put(TraceParent.HEADER, trace.child().toString()));
        credentials.authorization().ifPresent(given -> headers.put("Authorization", given.header()));
        return credentials.identifying(
                new OutboundRequest(endpoint.method(), uri, headers, null, invocation.limit(), maxMessage));
    }

    /** What is begun by a request, or by another one when the server wanted other credentials: then the first did nothing. */
    static <T> Flux<T> authenticated(
            OutboundRequest request,
            Credentials credentials,
            String instance,
            Scrubber unechoed,
            Function<OutboundRequest, Flux<T>> begun) {
        return begun.apply(request)
                .onErrorResume(
                        RefusedException.class,
                        refused -> refused.head().status() == UNAUTHORIZED
                                ? again(request, credentials, refused.head(), instance, unechoed, begun)
                                : Flux.error(ChannelErrors.status(
                                        instance, refused.head().status())))
                .onErrorMap(
                        RefusedException.class,
                        refused -> ChannelErrors.status(instance, refused.head().status()));
    }

    private static <T> Flux<T> again(
            OutboundRequest request,
            Credentials credentials,
            OutboundHead head,
            String instance,
            Scrubber unechoed,
            Function<OutboundRequest, Flux<T>> begun) {
        OutboundResponse response = new OutboundResponse(head.status(), head.headers(), new byte[0]);
        return credentials
                .challenged(request, response)
                .doOnNext(other -> CallCredentials.hide(other, unechoed))
                .map(authorization -> request.withHeader("Authorization", authorization.header()))
                .switchIfEmpty(Mono.error(() -> ChannelErrors.status(instance, head.status())))
                .flatMapMany(begun);
    }

    /** A server that answered, and not with what was asked for. */
    static final class RefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient OutboundHead head;

        RefusedException(OutboundHead head) {
            super("refused with status " + head.status(), null, false, false);
            this.head = head;
        }

        OutboundHead head() {
            return head;
        }
    }
}

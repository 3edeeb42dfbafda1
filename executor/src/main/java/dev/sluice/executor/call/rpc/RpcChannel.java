package dev.sluice.executor.call.rpc;

import dev.sluice.executor.authentication.Credentials;
import dev.sluice.executor.call.CallCredentials;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.DslError;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Scrubber;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundHead;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.outbound.OutboundResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** The way to the other side of one call, which says who makes it. Its requests are sent one after the other. */
public final class RpcChannel {

    private static final int UNAUTHORIZED = 401;
    private static final byte[] NOTHING = {};

    private final OutboundClient client;
    private final RpcReader reader;
    private final Credentials credentials;
    private final Invocation invocation;
    private final Scrubber unechoed;

    /** A way whose responses have up to so many bytes each. */
    public RpcChannel(OutboundClient client, int mostBytes, Credentials credentials, Invocation invocation) {
        this.client = client;
        this.reader = new RpcReader(mostBytes);
        this.credentials = credentials;
        this.invocation = invocation;
        this.unechoed = CallCredentials.unechoed(credentials);
    }

    /** JSON pointer of the task. */
    public String instance() {
        return invocation.instance();
    }

    /** Whether the call may still be made. */
    public BooleanSupplier permitted() {
        return invocation.permitted();
    }

    /** The same, for a request of which is noted that it was sent. */
    public BooleanSupplier sending(AtomicBoolean sent) {
        return () -> {
            boolean may = invocation.permitted().getAsBoolean();
            sent.compareAndSet(false, may);
            return may;
        };
    }

    /**
     * Sends a request, and another one when it was refused for want of other credentials: then it did nothing. The request's timeout
     * is for the head, and for silence within the body. Ends with {@link dev.sluice.shared.outbound.OutboundException} and {@link
     * dev.sluice.executor.authentication.AuthenticationException}; cancelling closes the connection.
     *
     * @param allowed whether it may still be sent; asked right before
     */
    public Flux<RpcEvent> send(OutboundRequest request, BooleanSupplier allowed) {
        return once(request, allowed).switchOnFirst((first, all) -> {
            RpcEvent event = first.get();
            return event instanceof RpcEvent.Refused refused && refused.head().status() == UNAUTHORIZED
                    ? all.ignoreElements().thenMany(again(request, allowed, refused))
                    : all;
        });
    }

    private Flux<RpcEvent> once(OutboundRequest request, BooleanSupplier allowed) {
        return Flux.defer(
                () -> client.stream(credentials.identifying(request), request.timeout(), allowed, reader::read));
    }

    private Flux<RpcEvent> again(OutboundRequest request, BooleanSupplier allowed, RpcEvent.Refused refused) {
        OutboundHead head = refused.head();
        return credentials
                .challenged(request, new OutboundResponse(head.status(), head.headers(), NOTHING))
                .doOnNext(authorization -> CallCredentials.hide(authorization, unechoed))
                .flatMapMany(
                        authorization -> once(request.withHeader("Authorization", authorization.header()), allowed))
                .switchIfEmpty(Flux.just(refused));
    }

    /** What the other side gave, without the credentials that it was given. */
    public JsonNode unechoed(JsonNode given) {
        return unechoed.scrub(given);
    }

    /** What the other side said, without the credentials that it was given. */
    public CallFailure unechoed(CallFailure failure) {
        DslError error = failure.error();
        String detail = error.detail();
        return detail == null
                ? failure
                : new CallFailure(
                        new DslError(
                                error.type(),
                                error.status(),
                                error.instance(),
                                error.title(),
                                unechoed.scrub(Json.string(detail)).asString()),
                        failure.unknown());
    }
}

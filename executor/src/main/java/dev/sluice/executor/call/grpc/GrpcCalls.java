package dev.sluice.executor.call.grpc;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.authentication.Credentials;
import dev.sluice.executor.call.CallCredentials;
import dev.sluice.executor.call.CallErrors;
import dev.sluice.executor.definition.GrpcCall;
import dev.sluice.executor.engine.Caller.Prepared;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Scrubber;
import dev.sluice.executor.expression.Allowance;
import dev.sluice.shared.outbound.OutboundRequest;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Makes calls of gRPC through the one outbound client. Thread-safe. */
public final class GrpcCalls {

    private final Authenticators authenticators;
    private final CallCredentials credentials;
    private final int maxResponseBytes;

    /** Calls whose responses may have up to so many bytes, all messages together. */
    public GrpcCalls(Authenticators authenticators, int maxResponseBytes) {
        this.authenticators = authenticators;
        this.credentials = new CallCredentials(authenticators);
        this.maxResponseBytes = maxResponseBytes;
    }

    /** As {@link dev.sluice.executor.engine.Caller#prepare}. Cancelling a call resets its stream. */
    public Mono<Prepared> prepare(GrpcCall call, Invocation invocation) {
        return credentials.<OutboundRequest, Prepared>prepare(
                call.authentication(),
                invocation,
                (seeing, given) ->
                        GrpcRequests.of(call, seeing, given.authorization().orElse(null), maxResponseBytes),
                (request, given) -> () -> exchange(call, request, given, invocation));
    }

    private Mono<JsonNode> exchange(GrpcCall call, OutboundRequest request, Credentials given, Invocation invocation) {
        String instance = invocation.instance();
        Scrubber unechoed = CallCredentials.unechoed(given);
        Mono<JsonNode> output = Mono.defer(() -> authenticators.exchange(
                        request,
                        given,
                        invocation.permitted(),
                        GrpcResponses::isUnauthenticated,
                        authorization -> CallCredentials.hide(authorization, unechoed)))
                .flatMap(response -> invocation
                        .evaluations()
                        .of(() -> Allowance.metered(
                                budget -> GrpcResponses.output(call.method(), response, budget, instance, unechoed))));
        return CallErrors.failing(output, instance);
    }
}

package dev.sluice.executor.call;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.authentication.Credentials;
import dev.sluice.executor.definition.HttpCall;
import dev.sluice.executor.engine.Caller.Prepared;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Scrubber;
import dev.sluice.shared.outbound.OutboundRequest;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Makes calls over HTTP through the one outbound client. Thread-safe. */
public final class HttpCalls {

    private final Authenticators authenticators;
    private final CallCredentials credentials;
    private final int maxResponseBytes;

    /** Calls whose responses may have up to so many bytes. */
    public HttpCalls(Authenticators authenticators, int maxResponseBytes) {
        this.authenticators = authenticators;
        this.credentials = new CallCredentials(authenticators);
        this.maxResponseBytes = maxResponseBytes;
    }

    /** As {@link dev.sluice.executor.engine.Caller#prepare}. */
    public Mono<Prepared> prepare(HttpCall call, Invocation invocation) {
        return credentials.<OutboundRequest, Prepared>prepare(
                call.authentication(),
                invocation,
                (seeing, given) ->
                        Requests.of(call, seeing, given.authorization().orElse(null), maxResponseBytes),
                (request, given) -> () -> exchange(call, request, given, invocation));
    }

    private Mono<JsonNode> exchange(HttpCall call, OutboundRequest request, Credentials given, Invocation invocation) {
        String instance = invocation.instance();
        Scrubber unechoed = CallCredentials.unechoed(given);
        Mono<JsonNode> output = Mono.defer(() -> authenticators.exchange(
                        request,
                        given,
                        invocation.permitted(),
                        authorization -> CallCredentials.hide(authorization, unechoed)))
                .map(response -> unechoed.scrub(Responses.output(call, request, response, instance)));
        return CallErrors.failing(output, instance);
    }
}

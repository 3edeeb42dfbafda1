package dev.sluice.executor.call.mcp;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.call.CallCredentials;
import dev.sluice.executor.call.rpc.RpcChannel;
import dev.sluice.executor.call.rpc.RpcErrors;
import dev.sluice.executor.definition.McpCall;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.Caller.Prepared;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.shared.outbound.OutboundClient;
import java.time.Duration;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Calls servers of the Model Context Protocol (DSL reference, "MCP Call"), each call in a session of its own. Thread-safe. */
public final class McpCalls {

    /** What is said last is not worth a wait. */
    private static final Duration FAREWELL = Duration.ofMillis(500);

    private final OutboundClient client;
    private final CallCredentials credentials;
    private final int maxResponseBytes;
    private final Duration farewell;

    /** Calls whose responses may have up to so many bytes each. */
    public McpCalls(OutboundClient client, Authenticators authenticators, int maxResponseBytes) {
        this(client, authenticators, maxResponseBytes, FAREWELL);
    }

    /** As the other, with servers that have so long to take that a session ends. */
    public McpCalls(OutboundClient client, Authenticators authenticators, int maxResponseBytes, Duration farewell) {
        this.client = client;
        this.credentials = new CallCredentials(authenticators);
        this.maxResponseBytes = maxResponseBytes;
        this.farewell = farewell;
    }

    /** As {@link dev.sluice.executor.engine.Caller#prepare}. */
    public Mono<Prepared> prepare(McpCall call, Invocation invocation) {
        return credentials.<McpRequest, Prepared>prepare(
                call.authentication(),
                invocation,
                (seeing, given) ->
                        McpRequest.of(call, seeing, given.authorization().orElse(null), maxResponseBytes),
                (request, given) ->
                        () -> exchange(request, new RpcChannel(client, request.mostBytes(), given, invocation)));
    }

    /** A session that is lost before the server took the request is begun again once. */
    private Mono<JsonNode> exchange(McpRequest request, RpcChannel channel) {
        return Mono.defer(() -> {
                    Time time = new Time(request.limit());
                    return attempt(request, channel, time)
                            .onErrorResume(SessionLostException.class, lost -> attempt(request, channel, time));
                })
                .onErrorMap(SessionLostException.class, lost -> RpcErrors.refused(lost.answer(), channel.instance()))
                .onErrorMap(CallFailure.class, channel::unechoed);
    }

    private Mono<JsonNode> attempt(McpRequest request, RpcChannel channel, Time time) {
        return Mono.usingWhen(
                Mono.fromSupplier(() -> new McpConversation(request, channel, time, farewell)),
                McpConversation::result,
                McpConversation::leave,
                (conversation, error) -> conversation.leave(),
                McpConversation::leave);
    }
}

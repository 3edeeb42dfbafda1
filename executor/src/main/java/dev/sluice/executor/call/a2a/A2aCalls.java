package dev.sluice.executor.call.a2a;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.call.CallCredentials;
import dev.sluice.executor.call.CallErrors;
import dev.sluice.executor.call.rpc.RpcAnswers;
import dev.sluice.executor.call.rpc.RpcChannel;
import dev.sluice.executor.call.rpc.RpcErrors;
import dev.sluice.executor.call.rpc.RpcMessage;
import dev.sluice.executor.definition.A2aCall;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.Caller.Prepared;
import dev.sluice.executor.engine.ErrorType;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Calls agents (DSL reference, "A2A Call"). What comes of a streamed method is the list of its results: up to {@value
 * #MOST_RESULTS}, with as many bytes together as any response may have. Thread-safe.
 */
public final class A2aCalls {

    private static final int MOST_RESULTS = 10_000;

    private final OutboundClient client;
    private final CallCredentials credentials;
    private final int maxResponseBytes;

    /** Calls whose responses may have up to so many bytes. */
    public A2aCalls(OutboundClient client, Authenticators authenticators, int maxResponseBytes) {
        this.client = client;
        this.credentials = new CallCredentials(authenticators);
        this.maxResponseBytes = maxResponseBytes;
    }

    /** As {@link dev.sluice.executor.engine.Caller#prepare}. */
    public Mono<Prepared> prepare(A2aCall call, Invocation invocation) {
        return credentials.<OutboundRequest, Prepared>prepare(
                call.authentication(),
                invocation,
                (seeing, given) ->
                        A2aRequests.of(call, seeing, given.authorization().orElse(null), maxResponseBytes),
                (request, given) -> () -> exchange(
                        call,
                        request,
                        new RpcChannel(client, maxResponseBytes, given, invocation),
                        invocation.limit()));
    }

    private static Mono<JsonNode> exchange(A2aCall call, OutboundRequest request, RpcChannel channel, Duration limit) {
        String instance = channel.instance();
        AtomicBoolean sent = new AtomicBoolean();
        Flux<RpcMessage> answers = RpcAnswers.messages(channel.send(request, channel.sending(sent)), instance)
                .filter(message -> message.answers(A2aRequests.ID));
        Mono<JsonNode> output = call.isStreamed() ? all(answers, instance) : one(answers, instance);
        Mono<JsonNode> limited = output.switchIfEmpty(Mono.error(() -> RpcErrors.unanswered(instance)))
                .map(channel::unechoed)
                .timeout(limit, Mono.error(() -> RpcErrors.late(sent.get(), instance)));
        return CallErrors.failing(limited, instance).onErrorMap(CallFailure.class, channel::unechoed);
    }

    private static Mono<JsonNode> one(Flux<RpcMessage> answers, String instance) {
        return answers.next().map(answer -> RpcAnswers.result(answer, instance));
    }

    /** The stream ends by itself, or after a result that says it is the last one. */
    private static Mono<JsonNode> all(Flux<RpcMessage> answers, String instance) {
        return answers.map(answer -> RpcAnswers.result(answer, instance))
                .takeUntil(A2aCalls::isLast)
                .collect(Json::array, (results, result) -> add(results, result, instance))
                .filter(results -> !results.isEmpty())
                .cast(JsonNode.class);
    }

    /** A message is the only result (A2A 0.3, section 7.2); tasks have updates, one of which is the final one. */
    private static boolean isLast(JsonNode result) {
        return "message".equals(result.path("kind").asString(""))
                || result.path("final").asBoolean(false);
    }

    private static void add(ArrayNode results, JsonNode result, String instance) {
        if (results.size() == MOST_RESULTS) {
            throw new CallFailure(ErrorType.COMMUNICATION.at(
                    instance, 502, "Communication Error", "The agent gave more than " + MOST_RESULTS + " results."));
        }
        results.add(result);
    }
}

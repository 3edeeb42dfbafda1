package dev.sluice.executor.call;

import dev.sluice.executor.definition.HttpCall;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.ErrorType;
import dev.sluice.executor.engine.HttpCaller;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundException;
import dev.sluice.shared.outbound.OutboundRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Makes the calls of {@code call: http} tasks through the one outbound client. Thread-safe. */
public final class HttpCalls implements HttpCaller {

    private final OutboundClient client;
    private final int maxResponseBytes;

    /** Calls whose responses may have up to so many bytes. */
    public HttpCalls(OutboundClient client, int maxResponseBytes) {
        this.client = client;
        this.maxResponseBytes = maxResponseBytes;
    }

    @Override
    public Mono<Prepared> prepare(HttpCall call, Invocation invocation) {
        return failing(
                invocation
                        .evaluations()
                        .of(() -> Requests.of(call, invocation, maxResponseBytes))
                        .map(request -> () -> exchange(call, request, invocation)),
                invocation.instance());
    }

    private Mono<JsonNode> exchange(HttpCall call, OutboundRequest request, Invocation invocation) {
        String instance = invocation.instance();
        return failing(
                Mono.defer(() -> client.exchange(request, invocation.permitted()))
                        .map(response -> Responses.output(call, request, response, instance)),
                instance);
    }

    private static <T> Mono<T> failing(Mono<T> mono, String instance) {
        return mono.onErrorMap(OutboundException.class, e -> CallErrors.translate(e, instance))
                .onErrorMap(ExpressionException.class, e -> failure(ErrorType.EXPRESSION, instance, e.detail()))
                .onErrorMap(
                        IllegalArgumentException.class,
                        e -> failure(ErrorType.CONFIGURATION, instance, e.getMessage()));
    }

    private static CallFailure failure(ErrorType type, String instance, @Nullable String detail) {
        return new CallFailure(type.at(instance, detail));
    }
}

package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Call;
import dev.sluice.executor.definition.HttpCall;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Makes calls as a test answers them. */
final class ScriptedCalls implements Caller {

    final List<Rehearsal.Call> made = new ArrayList<>();

    /** Gives the answer of each. */
    Function<Rehearsal.Call, Mono<JsonNode>> upstream = call -> Mono.just(Json.object());

    @Override
    public Mono<Prepared> prepare(Call call, Invocation invocation) {
        return invocation
                .evaluations()
                .of(() -> evaluated((HttpCall) call, invocation))
                .map(evaluated -> () -> Mono.defer(() -> make(evaluated)));
    }

    private static Rehearsal.Call evaluated(HttpCall call, Invocation invocation) {
        JsonNode given = call.arguments() == null
                ? invocation.input()
                : call.arguments().evaluate(invocation.input(), invocation.scope());
        String uri = call.uri().evaluate(given, invocation.scope()).asString();
        JsonNode body = call.body() == null ? null : call.body().evaluate(given, invocation.scope());
        return new Rehearsal.Call(
                0, uri, body == null || body.isMissingNode() ? null : body, invocation.idempotencyKey());
    }

    private Mono<JsonNode> make(Rehearsal.Call call) {
        Rehearsal.Call numbered = new Rehearsal.Call(made.size(), call.uri(), call.body(), call.key());
        made.add(numbered);
        return upstream.apply(numbered);
    }
}

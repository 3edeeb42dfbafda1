package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** {@code call} of a function of the document. */
final class FunctionInterpreterTest {

    private static final String TWICE = """
            use:
              functions:
                ask:
                  input: { schema: { document: { type: object, required: [n] } } }
                  call: http
                  with: { method: post, endpoint: "http://up/{n}", body: "${ . }" }
                  output: { as: .answer }
                twice:
                  do:
                    - once: { call: ask, with: { n: "${ .n }" } }
                    - again: { call: ask, with: { n: "${ . }" } }
            do:
              - first: { call: twice, with: { n: "${ .start }" }, output: { as: "{ n: ., before: $input }" } }
              - second: { call: twice }
            """;

    @Test
    void givesTheFunctionItsOwnInputAndTheCallItsOutput() {
        Rehearsal rehearsal = Rehearsal.of(TWICE, "{\"start\": 1}").upstream(FunctionInterpreterTest::plusOne);

        assertThat(rehearsal.finish()).isEqualTo("5");
        assertThat(rehearsal.calls)
                .extracting(Rehearsal.Call::uri)
                .containsExactly("http://up/1", "http://up/2", "http://up/3", "http://up/4");
    }

    @Test
    void goesOnInTheMiddleOfAFunctionAfterACrash() {
        IntStream.range(0, 4).forEach(appends -> {
            Rehearsal rehearsal = Rehearsal.of(TWICE, "{\"start\": 1}").upstream(FunctionInterpreterTest::plusOne);
            rehearsal.crashAfter(appends).dies();
            rehearsal.recover();

            assertThat(rehearsal.finish()).as("crash after %d appends", appends).isEqualTo("5");
            assertThat(rehearsal.calls.stream().map(Rehearsal.Call::key).distinct())
                    .as("crash after %d appends", appends)
                    .hasSize(4);
        });
    }

    @Test
    void namesTheFunctionsTaskInAnError() {
        TaskFault fault = Rehearsal.of("""
                use: { functions: { strict: { input: { schema: { document: { type: string } } }, set: { x: 1 } } } }
                do: [ { a: { call: strict, with: { n: 1 } } } ]
                """, "{}").fails();
        assertThat(fault.error().type()).isEqualTo(ErrorType.VALIDATION.uri());
        assertThat(fault.error().status()).isEqualTo(400);
        assertThat(fault.error().instance()).isEqualTo("/use/functions/strict");
        assertThat(fault.error().detail()).isEqualTo("object found, string expected");
    }

    @Test
    void mayCallItselfAndEndsWhenItDoesNotEnd() {
        String document = """
                use:
                  functions:
                    down:
                      do:
                        - minus: { set: { n: "${ .n - 1 }" } }
                        - more: { if: .n > 0, call: down }
                do: [ { go: { call: down } } ]
                """;

        assertThat(Rehearsal.of(document, "{\"n\": 20}").finish()).isEqualTo("{\"n\":0}");
        TaskFault fault = Rehearsal.of(document, "{\"n\": 1000}").fails();
        assertThat(fault.error().type()).isEqualTo(ErrorType.RUNTIME.uri());
        assertThat(fault.error().detail()).isEqualTo("Functions call one another more than 120 tasks deep.");
    }

    @Test
    void endsBeforeTheStackDoesHoweverDeepAFunctionIsInItself() {
        String nested = "{ do: [ { n: ".repeat(20) + "{ call: down }" + " } ] }".repeat(20);
        TaskFault fault = Rehearsal.of(
                        "use: { functions: { down: " + nested + " } }\ndo: [ { go: { call: down } } ]", "{}")
                .fails();

        assertThat(fault.error().type()).isEqualTo(ErrorType.RUNTIME.uri());
    }

    @Test
    void endsTheWorkflowWhereAFunctionSaysSo() {
        assertThat(Rehearsal.of("""
                use: { functions: { last: { do: [ { x: { set: { n: 1 }, then: end } } ] } } }
                do: [ { a: { call: last } }, { b: { set: { n: 2 } } } ]
                """, "{}").finish()).isEqualTo("{\"n\":1}");
    }

    private static Mono<JsonNode> plusOne(Rehearsal.Call call) {
        int n = Integer.parseInt(call.uri().substring("http://up/".length()));
        return Mono.just(Json.object().put("answer", n + 1));
    }
}

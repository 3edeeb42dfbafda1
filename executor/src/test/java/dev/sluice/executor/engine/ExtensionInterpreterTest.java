package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

final class ExtensionInterpreterTest {

    private static final String LOGGED = """
            use:
              extensions:
                - log:
                    extend: all
                    when: $task.name != "quiet"
                    before:
                      - send: { call: http, with: { method: post, endpoint: "http://log/", body: { begins: "${ $task.name }" } } }
                    after:
                      - send: { call: http, with: { method: post, endpoint: "http://log/", body: { ends: "${ $task.name }", with: "${ . }" } } }
            do:
              - one: { set: { n: "${ .n + 1 }" } }
              - list: { do: [ { quiet: { set: { n: "${ .n * 10 }" } } }, { asked: { call: http, with: { method: get, endpoint: "http://up/" } } } ] }
              - two: { if: .n > 1000, set: { n: -1 } }
            """;

    @Test
    void changesNothingButWhatItExports() {
        Rehearsal rehearsal = logged();

        assertThat(rehearsal.finish()).isEqualTo("{\"n\":7}");
        assertThat(log(rehearsal))
                .containsExactly(
                        "{\"begins\":\"one\"}",
                        "{\"ends\":\"one\",\"with\":{\"n\":2}}",
                        "{\"begins\":\"list\"}",
                        "{\"begins\":\"asked\"}",
                        "{\"ends\":\"asked\",\"with\":{\"n\":7}}",
                        "{\"ends\":\"list\",\"with\":{\"n\":7}}");
    }

    @Test
    void isDoneOnceWhateverCrashes() {
        IntStream.range(0, 7).forEach(appends -> {
            Rehearsal rehearsal = logged();
            rehearsal.crashAfter(appends).dies();
            rehearsal.recover();

            assertThat(rehearsal.finish()).as("crash after %d appends", appends).isEqualTo("{\"n\":7}");
            assertThat(rehearsal.calls.stream().map(Rehearsal.Call::key).distinct())
                    .as("crash after %d appends", appends)
                    .hasSize(7);
        });
    }

    @Test
    void standsInForATaskWhenItExits() {
        Rehearsal rehearsal = Rehearsal.of("""
                use:
                  extensions:
                    - mock:
                        extend: call
                        when: $task.definition.with.endpoint | startswith("https://mocked")
                        before:
                          - answer: { set: { mocked: "${ $task.reference }" }, then: exit }
                          - never: { raise: { error: { type: "https://x/never", status: 500 } } }
                do:
                  - a: { call: http, with: { method: get, endpoint: "https://mocked/a" }, then: c }
                  - b: { set: { skipped: false } }
                  - c: { set: { of: "${ . }" } }
                """, "{}");

        assertThat(rehearsal.finish()).isEqualTo("{\"of\":{\"mocked\":\"/do/0/a\"}}");
        assertThat(rehearsal.calls).isEmpty();
    }

    @Test
    void exportsWhatTheTaskThenSees() {
        assertThat(Rehearsal.of("""
                use:
                  extensions:
                    - stamp: { extend: set, before: [ { mark: { set: { by: ext }, export: { as: . } } } ] }
                do:
                  - a: { input: { from: "{ seen: $context.by }" }, set: { seen: "${ .seen }" } }
                """, "{}").finish()).isEqualTo("{\"seen\":\"ext\"}");
    }

    @Test
    void endsTheWorkflowBeforeAndAfter() {
        assertThat(Rehearsal.of("""
                use: { extensions: [ { stop: { extend: raise, before: [ { s: { set: { n: 1 }, then: end } } ] } } ] }
                do: [ { a: { raise: { error: { type: "https://x/y", status: 500 } } } }, { b: { set: { n: 2 } } } ]
                """, "{}").finish()).isEqualTo("{\"n\":1}");
        assertThat(Rehearsal.of("""
                use: { extensions: [ { stop: { extend: set, after: [ { s: { set: { n: 1 }, then: end } } ] } } ] }
                do: [ { a: { set: { n: 2 } } }, { b: { set: { n: 3 } } } ]
                """, "{}").finish()).isEqualTo("{\"n\":2}");
    }

    @Test
    void failsWithTheTaskThatItExtends() {
        TaskFault fault = Rehearsal.of("""
                use: { extensions: [ { e: { extend: set, before: [ { bad: { raise: { error: { type: "https://x/y", status: 400 } } } } ] } } ] }
                do: [ { a: { set: { n: 2 } } } ]
                """, "{}").fails();

        assertThat(fault.error().instance()).isEqualTo("/use/extensions/0/e/before/0/bad");
    }

    private static Rehearsal logged() {
        return Rehearsal.of(LOGGED, "{\"n\": 1}")
                .upstream(call -> Mono.just(
                        call.uri().equals("http://up/")
                                ? Json.object().put("n", 7)
                                : Json.object().put("logged", true)));
    }

    private static List<String> log(Rehearsal rehearsal) {
        return rehearsal.calls.stream()
                .filter(call -> call.uri().equals("http://log/"))
                .map(call -> String.valueOf(call.body()))
                .toList();
    }
}

package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.engine.Streamer.Element;
import dev.sluice.executor.engine.Streamer.Place;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.NullNode;

/** Elements of a stream on virtual time: their order, what is asked for, and what is held. */
final class StreamInterpreterTest {

    @Test
    void isDoneElementByElementInTheirOrder() {
        Rehearsal rehearsal =
                Rehearsal.of(ScriptedStream.CALLS.formatted("collect: array"), "{}")
                        .upstream(ScriptedStream::echo)
                        .stream(from -> ScriptedStream.batches(7, 3));
        String expected = "[" + String.join(",", ScriptedStream.ids(7, "{\"index\":%1$d,\"id\":\"e%1$d\"}")) + "]";
        assertThat(rehearsal.finish()).isEqualTo(expected);
        assertThat(rehearsal.calls)
                .extracting(Rehearsal.Call::uri)
                .startsWith("https://a.example/e0", "https://a.example/two", "https://a.example/e1")
                .endsWith("https://a.example/after")
                .hasSize(15);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "count", "array"})
    void collectsWhatIsAskedFor(String collect) {
        String document = """
                do:
                  - read:
                      call: stream
                      with: {method: get, endpoint: https://a.example/, format: ndjson, collect: %s}
                """;
        Rehearsal rehearsal =
                Rehearsal.of(document.formatted(collect), "{}").stream(from -> ScriptedStream.batches(4, 2));
        String expected = switch (collect) {
            case "none" -> "null";
            case "count" -> "4";
            default -> "[" + String.join(",", ScriptedStream.ids(4, "{\"id\":\"e%d\"}")) + "]";
        };
        assertThat(rehearsal.finish()).isEqualTo(expected);
        assertThat(Rehearsal.of(document.formatted(collect), "{}").finish())
                .isEqualTo(collect.equals("none") ? "null" : collect.equals("count") ? "0" : "[]");
    }

    @Test
    void takesNoMoreIntoAnOutputThanItMay() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - read:
                      call: stream
                      with: {method: get, endpoint: https://a.example/, format: ndjson, collect: array, limit: 3}
                """, "{}");
        assertThat(rehearsal.stream(from -> ScriptedStream.batches(3, 2)).finish())
                .contains("e2");
        TaskFault fault = again(rehearsal, 4).fails();
        assertThat(fault.error().detail()).contains("which is 3");
    }

    @Test
    void takesNoMoreBytesIntoAnOutputThanItMay() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - read:
                      call: stream
                      with: { method: get, endpoint: https://a.example/, format: ndjson, collect: array }
                """, "{}");
        String large = "x".repeat(1 << 20);
        rehearsal.stream(from -> Flux.range(0, 1_000)
                .map(i -> List.of(new Element(Json.string(large), new Place(NullNode.getInstance(), i + 1L, 0)))));
        assertThat(rehearsal.fails().error().detail()).contains("8 MB together");
    }

    private static Rehearsal again(Rehearsal rehearsal, int elements) {
        rehearsal.disk.clear();
        return rehearsal.stream(from -> ScriptedStream.batches(elements, 2));
    }

    @Test
    void readsAtThePaceOfItsTasksAndNoFurther() {
        AtomicInteger asked = new AtomicInteger();
        Rehearsal rehearsal =
                Rehearsal.of(ScriptedStream.CALLS.formatted("concurrency: 2"), "{}")
                        .upstream(call -> Mono.never())
                        .stream(from -> ScriptedStream.batches(1_000, 1).doOnNext(batch -> asked.incrementAndGet()));
        var run = rehearsal.run().subscribe();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(rehearsal.calls).hasSize(2);
        assertThat(asked.get()).isLessThanOrEqualTo(3);
        run.dispose();
    }

    /** However slow the first one is, no more than so many are ahead of it. */
    @Test
    void keepsABoundOnWhatIsAheadOfTheSlowest() {
        Rehearsal rehearsal = Rehearsal.of(ScriptedStream.CALLS.formatted("concurrency: 4"), "{}")
                .evaluatingAtOnce()
                .upstream(call -> call.uri().endsWith("/e0") ? Mono.never() : ScriptedStream.echo(call))
                .stream(from -> ScriptedStream.batches(1_000, 100));
        var run = rehearsal.run().subscribe();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(rehearsal.calls.stream().map(Rehearsal.Call::uri).filter(uri -> uri.contains("/e")))
                .hasSize(4 * 16);
        run.dispose();
    }

    @Test
    void hasAsManyUnderWayAsItMayHoweverTheyCome() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Rehearsal rehearsal =
                Rehearsal.of(ScriptedStream.CALLS.formatted("concurrency: 5\n        collect: count"), "{}");
        rehearsal
                .upstream(call -> Mono.defer(() -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    return Mono.delay(Duration.ofMillis(300), rehearsal.time)
                            .then(ScriptedStream.echo(call))
                            .doOnNext(answer -> now.decrementAndGet());
                }))
                .stream(from -> ScriptedStream.batches(40, 1));
        assertThat(rehearsal.finish()).isEqualTo("40");
        assertThat(most.get()).isEqualTo(5);
    }

    @Test
    void waitsForASourceNoLongerThanItMay() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - read:
                      call: stream
                      with: {method: get, endpoint: https://a.example/, format: sse, collect: count}
                      timeout: {after: PT10S}
                """, "{}");
        rehearsal.stream(from -> ScriptedStream.batches(3, 1).concatWith(Flux.never()));
        assertThat(rehearsal.fails().error().type()).endsWith("/timeout");
        assertThat(rehearsal.disk).extracting(Entry::kind).contains(EntryKind.FAILED);
    }

    @Test
    void endsTheWorkflowWhenAnElementDoes() {
        for (int concurrency : new int[] {1, 3}) {
            Rehearsal rehearsal = Rehearsal.of("""
                    do:
                      - read:
                          call: stream
                          with:
                            method: get
                            endpoint: https://a.example/
                            format: ndjson
                            concurrency: %d
                            collect: count
                            do:
                              - enough:
                                  switch:
                                    - last: {when: "${ .id == \\"e2\\" }", then: end}
                                    - other: {then: exit}
                      - never: {set: {reached: true}}
                    """.formatted(concurrency), "{}");
            // Nothing comes behind it, and nobody waits for it.
            rehearsal.stream(from -> ScriptedStream.batches(3, 1).concatWith(Flux.never()));
            assertThat(rehearsal.finish()).isEqualTo("3");
        }
    }

    /** One after the other they pass the context on. */
    @Test
    void passesTheContextFromElementToElement() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - begin: {set: {sum: 0}, export: {as: "${ . }"}}
                  - read:
                      call: stream
                      with:
                        method: get
                        endpoint: https://a.example/
                        format: ndjson
                        do:
                          - add: {set: {sum: "${ $context.sum + $index }"}, export: {as: "${ . }"}}
                  - said: {set: {sum: "${ $context.sum }"}}
                """, "{}").stream(from -> ScriptedStream.batches(10, 3));
        assertThat(rehearsal.finish()).isEqualTo("{\"sum\":45}");
    }
}

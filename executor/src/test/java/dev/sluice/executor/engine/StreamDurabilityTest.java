package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.engine.Streamer.Element;
import dev.sluice.executor.engine.Streamer.Place;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.NullNode;

/** Streams that are broken off: by a crash after each append, a fault, somebody who has the run rest, a long wait. */
final class StreamDurabilityTest {

    /** Where the next page is may be a secret; what is known of the stream is noted without it. */
    @Test
    void notesNoPlaceThatHasASecretInIt() {
        Rehearsal rehearsal = Rehearsal.ofDocument("""
                document: { dsl: '1.0.3', namespace: test, name: rehearsal, version: '1.0.0' }
                use: { secrets: [ key ] }
                do:
                  - read:
                      call: stream
                      with:
                        method: get
                        endpoint: https://a.example/
                        query: { key: "${ $secrets.key }" }
                        format: pages
                        pages: { link: true }
                        select: '.[]'
                        collect: array
                        do:
                          - one: { call: http, with: { method: get, endpoint: "https://a.example/{id}" } }
                          - two: { set: "${ $item.id }" }
                """, "{}");
        rehearsal.secrets.put("key", Json.string("s3cr3t-s3cr3t"));
        rehearsal
                .upstream(call -> call.uri().endsWith("e4")
                        ? Mono.error(new CallFailure(ErrorType.COMMUNICATION.at("/x", 418, "T", "D")))
                        : ScriptedStream.echo(call))
                .stream(from -> Flux.range(0, 6)
                .filter(i -> i >= from.record())
                .map(i -> List.of(new Element(
                        Json.object().put("id", "e" + i),
                        new Place(
                                i < 2 ? NullNode.getInstance() : Json.string("/?key=s3cr3t-s3cr3t&page=2"),
                                i + 1L,
                                0)))));
        TaskFault fault = rehearsal.fails();
        assertThat(rehearsal.disk)
                .extracting(entry -> Json.text(entry.payload()))
                .noneMatch(payload -> payload.contains("s3cr3t-s3cr3t"));
        rehearsal.upstream(ScriptedStream::echo);
        rehearsal.retry(fault);
        assertThat(rehearsal.finish()).isEqualTo("[\"e0\",\"e1\",\"e2\",\"e3\",\"e4\",\"e5\"]");
        assertThat(rehearsal.calls.stream().map(Rehearsal.Call::key).distinct()).hasSize(7);
    }

    /** Each entry may be the last before a crash; what was done is not done again, and the response is read on from there. */
    @ParameterizedTest
    @ValueSource(strings = {"collect: array", "{collect: array, concurrency: 3}"})
    void goesOnAfterACrashWhereItWas(String settings) {
        String flow = settings.startsWith("{") ? "concurrency: 3\n        collect: array" : settings;
        String document = ScriptedStream.CALLS.formatted(flow.replace("\n        ", "\n" + " ".repeat(8)));
        Rehearsal whole = Rehearsal.of(document, "{}").upstream(ScriptedStream::echo).stream(
                from -> ScriptedStream.batches(12, 5, from));
        String expected = whole.finish();
        int appends = whole.appends();
        assertThat(appends).isGreaterThan(8);
        List<Long> read = new ArrayList<>();
        for (int crash = 0; crash < appends; crash++) {
            Rehearsal rehearsal = Rehearsal.of(document, "{}").upstream(ScriptedStream::echo).stream(from -> {
                        read.add(from.record());
                        return ScriptedStream.batches(12, 5, from);
                    })
                    .crashAfter(crash);
            rehearsal.dies();
            rehearsal.recover();
            assertThat(rehearsal.finish()).as("crash after %d appends", crash).isEqualTo(expected);
            assertThat(rehearsal.calls.stream().map(Rehearsal.Call::key).distinct())
                    .as("crash after %d appends", crash)
                    .hasSameSizeAs(whole.calls);
        }
        assertThat(read).anyMatch(record -> record > 4);
    }

    @Test
    void endsWithTheFaultOfAnElementWhichIsTheSameAfterACrash() {
        String document = """
                do:
                  - guarded:
                      try:
                        - read:
                            call: stream
                            with:
                              method: get
                              endpoint: https://a.example/
                              format: ndjson
                              concurrency: 3
                              do:
                                - one: {call: http, with: {method: post, endpoint: https://a.example/, body: "${ .id }"}}
                      catch:
                        do:
                          - told: {call: http, with: {method: post, endpoint: https://a.example/told}}
                          - said: {set: {status: "${ $error.status }"}}
                """;
        int appends = 1;
        for (int crash = 0; crash < appends; crash++) {
            Rehearsal rehearsal = Rehearsal.of(document, "{}");
            rehearsal
                    .upstream(call -> "\"e3\"".equals(String.valueOf(call.body()))
                            ? Mono.error(new CallFailure(ErrorType.COMMUNICATION.at("/x", 418, "T", "D")))
                            : ScriptedStream.echo(call))
                    .stream(from -> ScriptedStream.batches(50, 1, from));
            if (crash > 0) {
                rehearsal.crashAfter(crash - 1).dies();
                rehearsal.recover();
            }
            assertThat(rehearsal.finish()).isEqualTo("{\"status\":418}");
            appends = crash == 0 ? rehearsal.appends() + 1 : appends;
            boolean journaled =
                    rehearsal.disk.stream().anyMatch(entry -> entry.path().endsWith("/w"));
            assertThat(journaled).isTrue();
            assertThat(rehearsal.calls).hasSizeLessThan(20);
        }
    }

    /** What a stream ends with is chance as well. */
    @Test
    void endsWithTheErrorOfItsSource() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - guarded:
                      try:
                        - read:
                            call: stream
                            with: {method: get, endpoint: https://a.example/, format: ndjson, collect: count}
                      catch:
                        do:
                          - told: {call: http, with: {method: post, endpoint: https://a.example/told}}
                          - said: {set: {status: "${ $error.status }"}}
                """, "{}").crashAfter(1);
        CallFailure lost = new CallFailure(ErrorType.COMMUNICATION.at("/x", 502, "T", "D"));
        rehearsal.stream(from -> ScriptedStream.batches(5, 2).concatWith(Flux.error(lost)));
        rehearsal.dies();
        rehearsal.recover();
        // It would end well now, and does not, since it did not.
        rehearsal.stream(from -> ScriptedStream.batches(5, 2));
        assertThat(rehearsal.finish()).isEqualTo("{\"status\":502}");
    }

    @Test
    void triesAgainWhatFailedWhenSomebodyRetriesTheRun() {
        Rehearsal rehearsal = Rehearsal.of(ScriptedStream.CALLS.formatted("collect: count"), "{}");
        rehearsal.stream(from -> ScriptedStream.batches(6, 2, from));
        rehearsal.upstream(call -> call.uri().endsWith("/e4")
                ? Mono.error(new CallFailure(ErrorType.COMMUNICATION.at("/x", 418, "T", "D")))
                : ScriptedStream.echo(call));
        TaskFault fault = rehearsal.fails();
        assertThat(fault.origin()).contains("/i5/");
        int made = rehearsal.calls.size();
        rehearsal.upstream(ScriptedStream::echo);
        rehearsal.retry();
        assertThat(rehearsal.finish()).isEqualTo("6");
        // Those of the fourth and the fifth, and the one behind the stream.
        assertThat(rehearsal.calls).hasSize(made + 5);
    }

    /** A run that halts does not wait for a stream that has nothing to say. */
    @Test
    void haltsWhileItWaitsForItsSource() {
        AtomicInteger open = new AtomicInteger();
        Rehearsal rehearsal = Rehearsal.of(ScriptedStream.CALLS.formatted("collect: count"), "{}")
                .upstream(ScriptedStream::echo)
                .haltAfter(Duration.ofSeconds(5));
        rehearsal.stream(from -> ScriptedStream.batches(4, 1, from)
                .concatWith(Flux.never())
                .doOnSubscribe(on -> open.incrementAndGet())
                .doOnCancel(open::decrementAndGet));
        rehearsal.halts();
        assertThat(open.get()).isZero();
        rehearsal.stream(from -> ScriptedStream.batches(6, 1, from));
        assertThat(rehearsal.finish()).isEqualTo("6");
        assertThat(rehearsal.calls).hasSize(13);
    }

    /** When all that is under way waits for long, the run leaves memory and its connection. */
    @Test
    void leavesMemoryWhenAllItsElementsWait() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - read:
                      call: stream
                      with:
                        method: get
                        endpoint: https://a.example/
                        format: ndjson
                        concurrency: 2
                        collect: array
                        do:
                          - first: {call: http, with: {method: get, endpoint: https://a.example/}}
                          - pause: {wait: PT1H}
                          - said: {set: "${ $item.id }"}
                """, "{}").upstream(ScriptedStream::echo).stream(
                from -> ScriptedStream.batches(4, 4, from));
        int parked = 0;
        String output = null;
        while (output == null) {
            try {
                output = rehearsal.finish();
            } catch (Parked until) {
                parked++;
                assertThat(parked).isLessThan(10);
                rehearsal.time.advanceTimeBy(Duration.ofHours(1));
            }
        }
        assertThat(output).isEqualTo("[\"e0\",\"e1\",\"e2\",\"e3\"]");
        assertThat(parked).isEqualTo(2);
        assertThat(rehearsal.calls).hasSize(4);
    }

    /** Ten thousand elements leave a journal of a few entries to read, whatever it was written as. */
    @Test
    void leavesNoMoreToReplayThanIsOpen() {
        Rehearsal rehearsal = Rehearsal.of(ScriptedStream.CALLS.formatted("concurrency: 4"), "{}")
                .evaluatingAtOnce()
                .upstream(call -> call.uri().endsWith("/e999") ? Mono.never() : ScriptedStream.echo(call))
                .stream(from -> ScriptedStream.batches(1_000, 50, from));
        var run = rehearsal.run().subscribe();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(60));
        run.dispose();
        List<Long> read = new ArrayList<>();
        int made = rehearsal.calls.size();
        rehearsal.upstream(ScriptedStream::echo).stream(from -> {
            read.add(from.record());
            return ScriptedStream.batches(1_000, 50, from);
        });
        assertThat(rehearsal.finish()).isEqualTo("null");
        assertThat(read).allMatch(record -> record > 950).hasSize(1);
        assertThat(rehearsal.calls.size() - made).isLessThan(5);
    }
}

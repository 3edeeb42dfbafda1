package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.Spoiled;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What happens to tasks is stored for those who listen, all of it and nothing else, wherever the executor crashes. */
class ToldTasksTest {

    private static final String TASKS = """
            do:
              - first: { set: { n: 1 } }
              - ask: { call: http, with: { method: get, endpoint: https://things.example/a } }
              - each:
                  for: { in: "${ [1, 2, 3] }" }
                  do:
                    - pure: { set: { n: 2 } }
                    - again: { call: http, with: { method: get, endpoint: https://things.example/b } }
              - attempt:
                  try:
                    - fails: { raise: { error: { type: https://things.example/bad, status: 400 } } }
                  catch:
                    retry: { delay: PT1S, limit: { attempt: { count: 2 } } }
                    do: [ mend: { set: { n: 3 } } ]
              - rest: { wait: PT5S }
              - both:
                  fork:
                    branches:
                      - left: { call: http, with: { method: get, endpoint: https://things.example/c } }
                      - right: { do: [ inner: { set: { n: 4 } } ] }
              - last: { set: { n: 5 } }
            """;

    @Test
    void tellsOfEachTaskOnce() {
        Rehearsal run = rehearsal(TASKS);
        assertThat(run.finish()).isNotEmpty();

        assertThat(run.stored())
                .contains("COMPLETED 1", "RETRY 3/d1")
                .filteredOn(event -> event.startsWith("started"))
                .hasSize(19);
        assertThat(run.stored().stream().filter(event -> event.startsWith("completed 2/i")))
                .hasSize(6);
    }

    @Test
    void tellsTheSameWhereverItCrashes() {
        Rehearsal whole = rehearsal(TASKS);
        assertThat(whole.finish()).isNotEmpty();
        List<String> expected = whole.stored();
        int appends = whole.appends();
        assertThat(appends).isGreaterThan(6);

        for (int crash = 0; crash < appends; crash++) {
            Rehearsal run = rehearsal(TASKS).crashAfter(crash);
            run.dies();
            run.recover();
            assertThat(run.finish()).isNotEmpty();
            assertThat(told(run)).as("crash after append %d", crash).isEqualTo(told(whole));
        }
        assertThat(expected).doesNotHaveDuplicates();
    }

    /** Without when: the second try is later. */
    private static List<String> told(Rehearsal run) {
        return run.stored().stream()
                .map(event -> event.replaceAll(" at .*", ""))
                .sorted()
                .toList();
    }

    @Test
    void tellsOfWhatCameBeforeACallBeforeItIsMade() {
        Rehearsal run = rehearsal("""
                do:
                  - first: { set: { n: 1 } }
                  - ask: { call: http, with: { method: get, endpoint: https://things.example/a } }
                """);
        List<String> by = new ArrayList<>();
        String output = run.upstream(call -> Mono.fromSupplier(() -> {
                    by.addAll(run.committed());
                    return Json.object();
                }))
                .finish();

        assertThat(output).isEqualTo("{}");
        assertThat(by.stream().map(event -> event.replaceAll(" at .*", "")))
                .contains("started 0", "completed 0", "started 1");
    }

    /** Tasks that have no entries are told of before there are too many to remember. */
    @ParameterizedTest
    @ValueSource(ints = {100, 1_000})
    void tellsOfManyTasksThatNeedNoJournal(int iterations) {
        Rehearsal run = rehearsal("""
                do:
                  - each:
                      for: { in: "${ [range(%d)] }" }
                      do: [ pure: { set: { n: 1 } } ]
                """.formatted(iterations));
        assertThat(run.finish()).isNotEmpty();

        assertThat(run.stored().stream().filter(event -> event.startsWith("completed 0/i")))
                .hasSize(iterations);
        assertThat(run.disk).hasSizeLessThan(2 + iterations / 100);
    }

    /** So many checkpoints in a row are written on their own, and what they replace does not happen again. */
    @Test
    void tellsThatATaskEndedWhereverACrashComesAfterItsCheckpoint() {
        StringBuilder nested = new StringBuilder("do:\n");
        String indent = "";
        for (int level = 0; level < 34; level++) {
            nested.append(indent).append("  - deep:\n").append(indent).append("      do:\n");
            indent += "      ";
        }
        String call = ": { call: http, with: { method: get, endpoint: https://things.example/a } }\n";
        nested.append(indent)
                .append("  - one")
                .append(call)
                .append(indent)
                .append("  - two")
                .append(call);
        Rehearsal whole = rehearsal(nested.toString());
        assertThat(whole.finish()).isNotEmpty();
        assertThat(whole.appends()).isGreaterThan(2);

        Rehearsal run = rehearsal(nested.toString()).crashAfter(whole.appends());
        assertThat(run.finish()).isNotEmpty();
        assertThat(run.finish()).isNotEmpty();
        assertThat(told(run)).isEqualTo(told(whole));
    }

    /** What was written for no more than to tell is behind whatever is done again. */
    @Test
    void goesOnFromATaskAfterMuchWasTold() {
        Rehearsal run = rehearsal("""
                do:
                  - each:
                      for: { in: "${ [range(300)] }" }
                      do: [ pure: { set: { n: 1 } } ]
                  - ask: { call: http, with: { method: get, endpoint: https://things.example/a } }
                """);
        assertThat(run.finish()).isNotEmpty();
        run.rerun("/do/1/ask");

        assertThat(run.finish()).isNotEmpty();
        assertThat(run.calls).hasSize(2);
    }

    /** Whatever it fails by, and wherever in the task. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ set: { n: '${ error(1) }' } }",
                "{ set: { n: 1 }, if: '${ error(1) }' }",
                "{ set: { n: 1 }, input: { from: '${ error(1) }' } }",
                "{ set: { n: 1 }, input: { schema: { document: { type: string } } } }",
                "{ set: { n: 1 }, output: { as: '${ error(1) }' } }",
                "{ set: { n: 1 }, output: { schema: { document: { type: string } } } }",
                "{ call: http, with: { method: get, endpoint: '${ error(1) }' } }",
                "{ call: http, with: { method: get, endpoint: https://x.example }, output: { as: '${ error(1) }' } }",
                "{ raise: { error: { type: https://things.example/bad, status: 400 } } }"
            })
    void tellsThatATaskFailed(String task) {
        Rehearsal run = rehearsal("do: [ a: %s ]".formatted(task));
        run.fails();

        assertThat(run.heard).last().isEqualTo("faulted a");
        assertThat(run.stored())
                .filteredOn(event -> event.startsWith("faulted 0 at"))
                .hasSize(1);
        assertThat(run.stored()).noneMatch(event -> event.startsWith("completed"));
        assertThat(run.left()).isEmpty();
    }

    /** Beside its entry, which says that it ended well; once, wherever it crashes. */
    @Test
    void notesThatATaskFailedAfterItsEntry() {
        String tasks = """
                do:
                  - attempt:
                      try:
                        - ask: { call: http, with: { method: get, endpoint: https://x.example }, output: { as: '${ error(1) }' } }
                      catch: { do: [ again: { call: http, with: { method: get, endpoint: https://x.example } } ] }
                  - last: { call: http, with: { method: get, endpoint: https://x.example }, output: { as: '${ {} }' } }
                """;
        Rehearsal whole = rehearsal(tasks);
        assertThat(whole.finish()).isEqualTo("{}");
        assertThat(notes(whole)).containsExactly("0/t0/0");
        for (int crash = 0; crash < whole.appends(); crash++) {
            Rehearsal run = rehearsal(tasks).crashAfter(crash);
            run.dies();
            run.recover();
            assertThat(run.finish()).isEqualTo("{}");
            assertThat(run.finish()).isEqualTo("{}");
            assertThat(notes(run)).as("crash after append %d", crash).containsExactly("0/t0/0");
        }
    }

    private static List<String> notes(Rehearsal run) {
        return run.disk.stream().filter(Spoiled::isOne).map(Spoiled::task).toList();
    }

    private static Rehearsal rehearsal(String tasks) {
        Supplier<Mono<tools.jackson.databind.JsonNode>> answer =
                () -> Mono.just(Json.object().put("ok", true));
        return Rehearsal.of(tasks, "{}").evaluatingAtOnce().listened().upstream(call -> answer.get());
    }
}

package dev.sluice.executor.expression.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.expression.limit.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What holds for all values and programs. */
final class LawsTest {

    private static final int RUNS = 1_000;

    /** Enough for both sides of a law, however it is written. */
    private static final Limits AMPLE =
            new Limits(1_000_000, 64 << 20, 4_000, 10_000, 16 << 20, 100, Duration.ofMinutes(1));

    private static final List<JsonNode> TRUE = List.of(Programs.json("true"));

    private final RandomPrograms random = new RandomPrograms(7);

    @Test
    void textReadsBackAsTheValue() {
        for (int i = 0; i < RUNS; i++) {
            JsonNode value = random.value(4);
            holds("tojson | fromjson", value, List.of(value));
        }
    }

    @Test
    void whatIsAtAPathIsWhatThePathGives() {
        for (int i = 0; i < RUNS; i++) {
            String path = random.path(3);
            same("getpath(path(" + path + "))", path);
        }
    }

    /** What grows in place is what it would be if each step made another; a name for the state is enough to have it do that. */
    @Test
    void aStateThatNobodyElseHasGrowsInPlace() {
        List<String> updates = List.of(
                ".[$x | tojson] = $x",
                ".[$x | tojson] += 1",
                ".[$x | tojson | length | tostring] += [$x]",
                ".[$x | tojson | length | tostring].deep[2] = {a: $x}",
                ".last = $x",
                ".last.value = [$x]",
                ".count += 1",
                ".last //= $x",
                ". + {($x | tojson): $x}",
                ". + {last: $x, list: [$x, $x]}",
                // Not in place, since they keep what they change.
                ".[$x | tojson] = .",
                ".last = [.last]",
                ".both = [.both, $x] | .other = .both",
                ". + {last: .}",
                ".last = . + {a: $x}");
        int compared = 0;
        for (int i = 0; i < RUNS / 2; i++) {
            String update = updates.get(i % updates.size());
            String source = i % 2 == 0 ? ".[]?" : "(.[]?, .[]?)";
            String begin = i % 3 == 0 ? "{}" : i % 3 == 1 ? "null" : "{last: {value: 1}, count: 3}";
            String reduce = "reduce (" + source + " | limit(6; ..)) as $x (" + begin + "; %s) | tojson | .[:10000]";
            JsonNode value = random.value(2);
            Outcome inPlace = Outcome.of(reduce.formatted(update), value, AMPLE);
            Outcome named = Outcome.of(reduce.formatted(". as $named | " + update), value, AMPLE);
            if (inPlace.bound() == null && named.bound() == null) {
                compared++;
                assertThat(inPlace.outputs())
                        .as("%s of %s", reduce.formatted(update), value)
                        .isEqualTo(named.outputs());
                assertThat(inPlace.error() == null).isEqualTo(named.error() == null);
            }
        }
        assertThat(compared).isGreaterThan(RUNS / 3);
        for (String update : List.of(". + [$x]", ". + [$x, [$x]]", ".[length] = $x", ".[1] = $x", ". + [.]")) {
            for (String begin : List.of("[]", "null", "[[1]]")) {
                String reduce = "reduce range(9) as $x (" + begin + "; %s)";
                same(reduce.formatted(update), reduce.formatted(". as $named | " + update));
            }
        }
    }

    @Test
    void whatWasSetIsThere() {
        for (int i = 0; i < RUNS; i++) {
            JsonNode value = random.value(4);
            holds(
                    "[. as $v | paths | . as $p | $v | setpath($p; \"new\") | getpath($p) == \"new\"] | all",
                    value,
                    TRUE);
            holds("[. as $v | paths as $p | setpath($p; getpath($p)) == $v] | all", value, TRUE);
            holds("[. as $v | paths as $p | delpaths([$p]) | . != $v] | all", value, TRUE);
        }
    }

    @Test
    void pipesAndCommasAreAssociative() {
        for (int i = 0; i < RUNS; i++) {
            String a = '(' + random.program(2) + ')';
            String b = '(' + random.program(2) + ')';
            String c = '(' + random.program(2) + ')';
            same("(%s | %s) | %s".formatted(a, b, c), "%s | (%s | %s)".formatted(a, b, c));
            same("(%s, %s), %s".formatted(a, b, c), "%s, (%s, %s)".formatted(a, b, c));
            same("(%s, %s) | %s".formatted(a, b, c), "(%s | %s), (%s | %s)".formatted(a, c, b, c));
        }
    }

    @Test
    void identityChangesNothing() {
        for (int i = 0; i < RUNS; i++) {
            String program = '(' + random.program(3) + ')';
            same(program + " | .", program);
            same(". | " + program, program);
            same("def f: " + program + "; f", program);
            same("def f(g): g; f(" + program + ')', program);
        }
    }

    @Test
    void oneProgramServesManyThreads() throws Exception {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            String source = random.program(3);
            JsonNode input = random.value(3);
            Outcome alone = Outcome.of(source, input, Outcome.FEW);
            if (alone.isResult() && !alone.outputs().isEmpty()) {
                Program program = Program.compile(source, Set.of("x", Program.CLOCK));
                for (int k = 0; k < 4; k++) {
                    tasks.add(() -> Outcome.of(program, input, Outcome.FEW).equals(alone));
                }
            }
        }
        assertThat(tasks).hasSizeGreaterThan(100);
        assertThat(all(tasks)).doesNotContain(false);
    }

    private static List<Boolean> all(List<Callable<Boolean>> tasks) throws InterruptedException, ExecutionException {
        List<Boolean> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> each : threads.invokeAll(tasks)) {
                results.add(each.get());
            }
        }
        return results;
    }

    private void same(String one, String other) {
        JsonNode input = random.value(3);
        Outcome first = Outcome.of(one, input, AMPLE);
        Outcome second = Outcome.of(other, input, AMPLE);
        // Where the one ran out of something, the other may have had just enough. Problems tell their places.
        boolean refused = first.outputs().isEmpty()
                && first.error() != null
                && first.error().contains("(line 1");
        if (first.bound() == null && second.bound() == null && !refused) {
            assertThat(first).as("%s and %s of %s", one, other, input).isEqualTo(second);
        }
    }

    private static void holds(String program, JsonNode input, List<JsonNode> expected) {
        Outcome outcome = Outcome.of(program, input, AMPLE);
        assertThat(outcome.error()).as("%s of %s", program, input).isNull();
        assertThat(outcome.outputs()).as("%s of %s", program, input).isEqualTo(expected);
    }
}

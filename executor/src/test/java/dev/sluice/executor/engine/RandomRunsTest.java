package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Random runs come to an end, a fault or their bound, and to the same after a crash at each of their journal's entries; but for
 * those with a fork, of whose branches the first one to fault or to win is whichever the thread came to first.
 * {@code sluice.seed} and {@code sluice.runs} repeat them and make them more.
 */
final class RandomRunsTest {

    private static final int RUNS = Integer.getInteger("sluice.runs", 150);
    private static final int MOST_CRASHES = 25;

    private final long seed = Long.getLong("sluice.seed", 7);

    @Test
    void endTheSameWhereverTheyCrash() {
        RandomRuns random = new RandomRuns(seed);
        Map<String, Integer> ends = new HashMap<>();
        int crashes = 0;
        for (int i = 0; i < RUNS; i++) {
            String document = random.document();
            String name = "seed " + seed + ", run " + i + ": " + document;
            Rehearsal whole = rehearsal(document, name);
            String expected = end(whole, name);
            ends.merge(expected.substring(0, expected.indexOf(' ')), 1, Integer::sum);
            for (int appends = 0; appends < Math.min(whole.disk.size(), MOST_CRASHES); appends++) {
                Rehearsal crashing = rehearsal(document, name).crashAfter(appends);
                String first = end(crashing, name);
                if (first.startsWith("crashed")) {
                    crashes++;
                    crashing.recover();
                    String again = end(crashing, name);
                    assertThat(document.contains("fork") || again.equals(expected))
                            .as(
                                    "%s%nended with %s after a crash after %d entries, not with %s",
                                    name, again, appends, expected)
                            .isTrue();
                }
            }
        }
        System.out.println("seed " + seed + ": " + RUNS + " runs: " + ends + ", " + crashes + " crashes");
        assertThat(ends).containsKeys("completed", "faulted");
        assertThat(crashes).isGreaterThan(RUNS / 2);
    }

    private static Rehearsal rehearsal(String document, String name) {
        try {
            return Rehearsal.of(document, "{\"a\": [1, {\"b\": 2}], \"n\": 1}")
                    .evaluatingAtOnce()
                    .upstream(call -> answer(call));
        } catch (SluiceException e) {
            throw new AssertionError(name + " does not compile: " + e.violations(), e);
        }
    }

    /** As it is asked: an error for what is odd, itself for what is not. */
    private static Mono<JsonNode> answer(Rehearsal.Call call) {
        String body = String.valueOf(call.body());
        return body.hashCode() % 3 == 0
                ? Mono.error(new CallFailure(ErrorType.COMMUNICATION.at("/", "refused")))
                : Mono.just(Json.object().set("a", Objects.requireNonNull(call.body())));
    }

    private static String end(Rehearsal rehearsal, String name) {
        try {
            return "completed " + rehearsal.finish();
        } catch (TaskFault fault) {
            return "faulted " + fault.error().toJson();
        } catch (FencedException crash) {
            return "crashed ";
        } catch (RuntimeException | Error defect) {
            throw new AssertionError(name + " ended with a defect: " + defect, defect);
        }
    }
}

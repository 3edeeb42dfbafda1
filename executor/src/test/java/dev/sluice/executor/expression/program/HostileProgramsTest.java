package dev.sluice.executor.expression.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.executor.expression.limit.Bound;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.limit.Limits;
import dev.sluice.executor.expression.syntax.CompileException;
import dev.sluice.executor.expression.value.JqException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Programs that are written to take all time, memory or stack there is, and what they get. */
final class HostileProgramsTest {

    private static final Duration TIME = Duration.ofMillis(20);

    /** Past the time, in time of the processor, which a busy machine does not change; far more than what it takes. */
    private static final Duration GRACE = Duration.ofMillis(400);

    private static final int TRIES = 3;

    /** On a thread as servers have them. */
    private static final int LEVELS = 1_500;

    private static final int DEEP_LEVELS = 10_000;

    /** For what is below the program's first level, and for where Java grows a stack. */
    private static final long BASE = 128 << 10;

    private static final long BYTES = 256L << 20;
    private static final long UNBOUNDED = Long.MAX_VALUE >> 1;

    /** What an evaluation may take of the heap, beside a constant, for what it pays: garbage is not counted exactly. */
    private static final int REAL_FOR_CHARGED = 4;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void endInTime() throws Exception {
        Map<String, Duration> late = new LinkedHashMap<>();
        Duration worst = Duration.ZERO;
        String worstProgram = "";
        List<String> programs = HostilePrograms.read("hostile.txt");
        // The first one pays for loading classes.
        Duration loading = over(programs.getFirst());
        assertThat(loading).isLessThan(Duration.ofSeconds(20));
        for (String program : programs) {
            Duration over = over(program);
            if (over.compareTo(worst) > 0) {
                worst = over;
                worstProgram = program;
            }
            if (over.compareTo(GRACE) > 0) {
                late.put(program, over);
            }
        }
        System.out.println(
                "The latest of " + programs.size() + " ended after " + worst.toMillis() + " ms: " + worstProgram);
        assertThat(programs).hasSizeGreaterThan(200);
        assertThat(late).isEmpty();
    }

    /** Past the time, compiling included, in the best of some tries. */
    private static Duration over(String program) throws Exception {
        String source = HostilePrograms.expanded(program);
        Duration best = Duration.ofDays(1);
        for (int i = 0; i < TRIES && best.compareTo(GRACE) > 0; i++) {
            Limits limits = new Limits(UNBOUNDED, BYTES, LEVELS, UNBOUNDED, BYTES, 200, TIME);
            Duration took = onThread(LEVELS, program, () -> {
                long start = THREADS.getCurrentThreadCpuTime();
                Bound bound = end(source, limits);
                assert bound != Bound.CANCELLED;
                return Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);
            });
            best = took.minus(TIME).compareTo(best) < 0 ? took.minus(TIME) : best;
        }
        return best;
    }

    /** What an event loop lets an evaluation do before it goes elsewhere is over soon, whatever it does. */
    @Test
    void takeLittleTimeForFewSteps() throws Exception {
        Map<String, Duration> late = new LinkedHashMap<>();
        Limits brief = new Limits(5_000, 1 << 20, LEVELS, UNBOUNDED, BYTES, 200, Duration.ofMinutes(1));
        for (String program : HostilePrograms.read("hostile.txt")) {
            String source = HostilePrograms.expanded(program);
            Duration best = Duration.ofDays(1);
            for (int i = 0; i < 3 * TRIES; i++) {
                Duration took = onThread(LEVELS, program, () -> evaluation(source, brief));
                best = took.compareTo(best) < 0 ? took : best;
            }
            late.put(program, best);
        }
        List<Map.Entry<String, Duration>> longest = late.entrySet().stream()
                .sorted(Map.Entry.<String, Duration>comparingByValue().reversed())
                .limit(3)
                .toList();
        longest.forEach(each ->
                System.out.println("5,000 steps took " + each.getValue().toNanos() / 1_000 + " us: " + each.getKey()));
        assertThat(longest.getFirst().getValue())
                .as(longest.getFirst().getKey())
                .isLessThan(Duration.ofMillis(100));
    }

    /** Time of the processor for an evaluation of a program that is compiled. */
    private static Duration evaluation(String source, Limits limits) {
        try {
            Program compiled = Program.compile(source, Set.of(Program.CLOCK));
            long start = THREADS.getCurrentThreadCpuTime();
            try {
                compiled.each(
                        Programs.json("null"),
                        HostileProgramsTest::clock,
                        new Budget(limits, () -> false),
                        value -> {});
            } catch (JqException | LimitException e) {
                assertThat(e.getMessage()).isNotNull();
            }
            return Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);
        } catch (CompileException e) {
            return Duration.ZERO;
        }
    }

    @Test
    void fitTheStackThatTheirLevelsPayFor() throws Exception {
        List<String> overflowed = new ArrayList<>();
        for (String program : HostilePrograms.read("recursive.txt")) {
            String source = HostilePrograms.expanded(program);
            Limits limits = new Limits(300_000, BYTES, DEEP_LEVELS, UNBOUNDED, BYTES, 200, Duration.ofMillis(200));
            // What is compiled has frames of another size than what is interpreted.
            for (int i = 0; i < TRIES; i++) {
                boolean fits = onThread(DEEP_LEVELS, program, () -> fits(source, limits));
                if (!fits) {
                    overflowed.add(program);
                }
            }
        }
        assertThat(overflowed).isEmpty();
    }

    private static boolean fits(String source, Limits limits) {
        try {
            return end(source, limits) != Bound.CANCELLED;
        } catch (StackOverflowError e) {
            return false;
        }
    }

    @Test
    void payForTheMemoryTheyTake() throws Exception {
        long limit = 32L << 20;
        Limits limits = new Limits(20_000_000, limit, 10_000, UNBOUNDED, BYTES, 200, Duration.ofMinutes(1));
        Map<String, Long> wrong = new LinkedHashMap<>();
        for (String program : HostilePrograms.read("greedy.txt")) {
            String source = HostilePrograms.expanded(program);
            // The first run pays for loading classes.
            assertThat(end(source, limits)).as(program).isEqualTo(Bound.BYTES);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            Bound bound = end(source, limits);
            long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
            if (bound != Bound.BYTES || taken > REAL_FOR_CHARGED * limit) {
                wrong.put(program + ' ' + bound, taken >> 20);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void tailCallsTakeNoStack() {
        assertThat(Programs.run("def f: if . < 1000000 then . + 1 | f else . end; 0 | f", Programs.json("null")))
                .containsExactly(Programs.json("1000000"));
        assertThat(Programs.run("[0 | until(. == 1000000; . + 1)], last(range(1000000))", Programs.json("null")))
                .containsExactly(Programs.json("[1000000]"), Programs.json("999999"));
        assertThat(Programs.run("0 | first(recurse(. + 1) | select(. == 5000))", Programs.json("null")))
                .containsExactly(Programs.json("5000"));
    }

    @Test
    void manyObjectsAreGrouped() {
        assertThat(Programs.run(
                        "[range(100000) | {k: (. % 1000), v: .}] | group_by(.k) | length, (.[7] | length)",
                        Programs.json("null")))
                .containsExactly(Programs.json("1000"), Programs.json("100"));
    }

    @Test
    void computedNumbersBetweenLiteralsAreSorted() {
        // Each computed one is the same as all the literals, which are not the same as each other: no order at all.
        String program = "[range(300) | if . % 3 == 0 then 1e17 + 0 else 100000000000000001, 100000000000000000 end]"
                + " | sort | length";
        assertThat(Programs.run(program, Programs.json("null"))).containsExactly(Programs.json("500"));
    }

    private static Bound end(String source, Limits limits) {
        try {
            Program.compile(source, Set.of(Program.CLOCK))
                    .each(
                            Programs.json("null"),
                            HostileProgramsTest::clock,
                            new Budget(limits, () -> false),
                            value -> {});
            return Bound.OUTPUTS;
        } catch (JqException e) {
            assertThat(e.getMessage()).isNotNull();
            return Bound.OUTPUTS;
        } catch (CompileException e) {
            return Bound.OUTPUTS;
        } catch (LimitException e) {
            return e.bound();
        }
    }

    private static JsonNode clock(String name) {
        return Programs.json("1700000000.5");
    }

    private static <T> T onThread(int levels, String name, Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(null, task, "hostile", BASE + (long) levels * Budget.STACK_BYTES_PER_LEVEL);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(1, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw new AssertionError(name, e.getCause());
        }
    }
}

package dev.sluice.loadtest.expression;

import java.util.concurrent.TimeUnit;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tools.jackson.databind.JsonNode;

/** What JMH measures. Programs are compiled and inputs made, each in its own tree, before. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first
public class Evaluation {

    /** Which one; set by JMH. */
    @Param
    public Workload workload;

    private JsonNode input;
    private com.fasterxml.jackson.databind.JsonNode theirInput;
    private Evaluator evaluator;
    private JacksonJq jacksonJq;

    /** Before the first measurement in each JVM. */
    @Setup
    public void prepare() throws JsonQueryException {
        input = workload.input();
        theirInput = Trees.toTheirs(input);
        evaluator = new Evaluator(workload.program());
        jacksonJq = new JacksonJq(workload.program());
    }

    /** Our evaluator. */
    @Benchmark
    public Object sluice() {
        return evaluator.first(input);
    }

    /** In Java. */
    @Benchmark
    public Object byHand() {
        return ByHand.of(workload, input);
    }

    /** With a tree of its own. */
    @Benchmark
    public Object jacksonJq() throws JsonQueryException {
        return jacksonJq.last(theirInput);
    }

    /** From and to the tree that the engine has. */
    @Benchmark
    public Object jacksonJqConverted() throws JsonQueryException {
        return Trees.toOurs(jacksonJq.last(Trees.toTheirs(input)));
    }
}

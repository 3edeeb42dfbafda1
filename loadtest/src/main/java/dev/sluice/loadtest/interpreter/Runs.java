package dev.sluice.loadtest.interpreter;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What JMH measures: whole runs, one after the other, of a document that was compiled before. An operation is a task. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first
public class Runs {

    private SluiceEngine sluice;
    private ReferenceEngine reference;

    /** Before the first measurement in each JVM. */
    @Setup
    public void prepare() throws IOException {
        sluice = new SluiceEngine(Steps.document());
        reference = new ReferenceEngine(Steps.document());
    }

    /** After the last. */
    @TearDown
    public void close() {
        sluice.close();
        reference.close();
    }

    /** Our interpreter. */
    @Benchmark
    @OperationsPerInvocation(Steps.COUNT)
    public Object sluice() {
        return sluice.run(0);
    }

    /** The reference engine. */
    @Benchmark
    @OperationsPerInvocation(Steps.COUNT)
    public Object reference() throws InterruptedException, ExecutionException, TimeoutException {
        return reference.run(0);
    }
}

package dev.sluice.executor.api;

import dev.sluice.executor.ExecutorDatabase;
import java.util.List;
import java.util.stream.Stream;

/** Executors on a new database, and the events that gateways hand over to them in a Redis that was empty. */
final class Cluster implements AutoCloseable {

    final TestStreams streams = TestStreams.emptied();
    final ExecutorDatabase database = new ExecutorDatabase();
    final List<RunningExecutor> executors;

    private Cluster(int nodes, String... settings) {
        this.executors = Stream.generate(() -> RunningExecutor.start(database.settings(), settings))
                .limit(nodes)
                .toList();
    }

    /** Starts so many executors, each with the same settings, such as {@code sluice.executor.max-runs=8}. */
    static Cluster start(int nodes, String... settings) {
        return new Cluster(nodes, settings);
    }

    /** An organization that has nothing yet and asks the first executor. */
    Tenant tenant() {
        return new Tenant(this);
    }

    @Override
    public void close() {
        executors.reversed().forEach(RunningExecutor::close);
        streams.close();
        database.close();
    }
}

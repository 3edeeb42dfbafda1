package dev.sluice.loadtest.compare;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An engine that answers.
 *
 * @param ways      how its workflows can be started, each with a line of its own in the table
 * @param processes of the engine, without its database
 * @param store     processes of its database, if it has one
 * @param database  whose commits count, if that is a PostgreSQL
 * @param remarks   what else is to be measured after the workloads, a sentence each
 */
record RunningPeer(
        List<Way> ways,
        ProcessTree processes,
        Optional<ProcessTree> store,
        Optional<PeerDatabase> database,
        List<Function<Load, String>> remarks) {

    /** A way to start workflows, such as over HTTP. */
    record Way(String title, Map<Workload, Target> targets) {}

    RunningPeer {
        ways = List.copyOf(ways);
        remarks = List.copyOf(remarks);
    }

    /** One over PostgreSQL. */
    static RunningPeer over(
            PeerDatabase database, ProcessTree processes, List<Way> ways, List<Function<Load, String>> remarks) {
        return new RunningPeer(ways, processes, Optional.of(database.processes()), Optional.of(database), remarks);
    }

    /** One without a database of its own, or with its store inside. */
    static RunningPeer alone(ProcessTree processes, List<Way> ways) {
        return new RunningPeer(ways, processes, Optional.empty(), Optional.empty(), List.of());
    }
}

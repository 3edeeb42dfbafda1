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
 * @param database  whose commits count, if it has one
 * @param remarks   what else is to be measured after the workloads, a sentence each
 */
record RunningPeer(
        List<Way> ways, ProcessTree processes, Optional<PeerDatabase> database, List<Function<Load, String>> remarks) {

    /** A way to start workflows, such as over HTTP. */
    record Way(String title, Map<Workload, Target> targets) {}

    RunningPeer {
        ways = List.copyOf(ways);
        remarks = List.copyOf(remarks);
    }
}

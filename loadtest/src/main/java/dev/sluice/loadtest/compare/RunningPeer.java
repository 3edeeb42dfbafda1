package dev.sluice.loadtest.compare;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An engine that answers.
 *
 * @param ways      how its workflows can be started, each with a line of its own in the table
 * @param processes of the engine, without its database
 * @param database  whose commits count, if it has one
 * @param parts     what has to be stopped, in this order
 */
record RunningPeer(List<Way> ways, ProcessTree processes, Optional<PeerDatabase> database, List<AutoCloseable> parts)
        implements AutoCloseable {

    /** A way to start workflows, such as over HTTP. */
    record Way(String title, Map<Workload, Target> targets) {}

    RunningPeer {
        ways = List.copyOf(ways);
        parts = List.copyOf(parts);
    }

    @Override
    public void close() {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                throw new CompareFailure("A part of the peer cannot be stopped: " + e.getMessage() + ".", e);
            }
        }
    }
}

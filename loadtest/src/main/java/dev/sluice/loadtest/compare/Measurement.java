package dev.sluice.loadtest.compare;

import dev.sluice.loadtest.compare.RunningPeer.Way;
import java.time.Duration;
import java.util.Optional;

/** One workload on one engine: sent for a while, then measured, then sampled for its statements. */
record Measurement(Workload workload, int inFlight) {

    private static final Duration SAMPLE = Duration.ofSeconds(1);

    Line on(RunningPeer peer, Way way, Target target, Load load, CompareOptions options) {
        Figures warmUp = load.run(target, inFlight, Duration.ofSeconds(options.warmUp()));
        if (warmUp.succeeded() == 0) {
            throw new CompareFailure(
                    way.title() + " gave no good answer to '" + workload.title() + "' while it was warmed up.");
        }
        long cpuBefore = peer.processes().cpuMillis();
        Optional<Long> databaseCpuBefore = databaseCpu(peer);
        Optional<PeerDatabase.Counters> before = peer.database().map(PeerDatabase::counters);
        Figures figures = load.run(target, inFlight, Duration.ofSeconds(options.seconds()));
        long cpu = peer.processes().cpuMillis() - cpuBefore;
        Optional<Long> databaseCpu =
                databaseCpuBefore.flatMap(earlier -> databaseCpu(peer).map(later -> later - earlier));
        Optional<PeerDatabase.Counters> counted = before.flatMap(
                earlier -> peer.database().map(database -> database.counters().since(earlier)));
        return new Line(
                way.title(),
                workload,
                inFlight,
                figures,
                cpu,
                databaseCpu,
                peer.processes().residentBytes(),
                counted,
                peer.database().map(database -> statements(database, target, load)));
    }

    private static Optional<Long> databaseCpu(RunningPeer peer) {
        return peer.store().map(ProcessTree::cpuMillis);
    }

    private double statements(PeerDatabase database, Target target, Load load) {
        Figures[] sampled = new Figures[1];
        long statements = database.statements(() -> sampled[0] = load.run(target, inFlight, SAMPLE));
        return (double) statements / Math.max(1, sampled[0].succeeded());
    }
}

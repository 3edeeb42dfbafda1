package dev.sluice.loadtest.compare;

import dev.sluice.loadtest.bench.JavaHeap;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * What a run of Sluice takes while it does nothing: on the executor's heap after a full collection, and on disk. Buffers
 * outside of the heap are not in it.
 *
 * @param workflows where the workflows {@code waiting} and {@code calling} are started
 * @param key       of the API
 * @param launcher  process id of what started the executor
 */
record RunFootprint(URI workflows, String key, long launcher, PeerDatabase database) {

    private static final int WAITING = 5_000;
    private static final int IN_FLIGHT = 1_000;
    private static final int AT_ONCE = 64;

    /** Runs that wait for longer than the executor keeps them in memory. */
    String waiting(Load load) {
        return measured(load, "waiting", WAITING, "Sluice, %d runs that wait: %d bytes of heap and %d on disk each.");
    }

    /** Runs inside of an HTTP/1.1 call, each on a connection of its own. */
    String inFlight(Load load) {
        return measured(
                load,
                "calling",
                IN_FLIGHT,
                "Sluice, %d runs inside an HTTP call, with its connection: %d bytes of heap and %d on disk each.");
    }

    private String measured(Load load, String workflow, int count, String sentence) {
        long heapBefore = heapBytes();
        long diskBefore = database.bytes();
        Target.Http target = new Target.Http(
                workflows.resolve(workflow + "/runs"), Map.of("Authorization", "Bearer " + key), "{}", "\"id\"");
        int started = load.send(target, count, AT_ONCE);
        if (started < count) {
            throw new CompareFailure("Only " + started + " of " + count + " runs of '" + workflow + "' were taken.");
        }
        return sentence.formatted(
                count, Math.max(0, heapBytes() - heapBefore) / count, (database.bytes() - diskBefore) / count);
    }

    private long heapBytes() {
        return JavaHeap.liveBytes(executor())
                .orElseThrow(() -> new CompareFailure("The executor does not say how much of its heap is used."));
    }

    private long executor() {
        return ProcessHandle.of(launcher).stream()
                .flatMap(ProcessHandle::descendants)
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .filter(child -> List.of(child.info().arguments().orElseGet(() -> new String[0])).stream()
                        .anyMatch(argument -> argument.contains("/services/executor-")))
                .mapToLong(ProcessHandle::pid)
                .findFirst()
                .orElseThrow(() -> new CompareFailure("The executor's process is not found."));
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "RunFootprint[workflows=%s, launcher=%d]".formatted(workflows, launcher);
    }
}

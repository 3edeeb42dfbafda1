package dev.sluice.loadtest.capacity;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the services are started.
 *
 * @param executorHeap most memory of the executor's heap, as Java writes it
 * @param gatewayHeap  the same of the gateway
 * @param executorJava further options of its Java
 * @param executor     further variables of it
 * @param allow        what workflows may reach, as {@code host:port}; empty for nothing
 * @param admission    requests a second of one organization, and deliveries to one endpoint, that the gateway admits; those
 *                     of a tenth of a second at once
 */
record SystemShape(
        String executorHeap,
        String gatewayHeap,
        List<String> executorJava,
        Map<String, String> executor,
        String allow,
        int admission) {

    /** No limit gets in the way. */
    static final int UNLIMITED = 1_000_000;

    SystemShape {
        executorJava = List.copyOf(executorJava);
        executor = Map.copyOf(executor);
    }

    /** Room for so many runs in memory, all of which may be those of one organization. */
    static SystemShape of(CapacityOptions options, String executorHeap, int runs) {
        String room = Integer.toString(options.number("--max-runs", runs, 10_000_000));
        return shared(options, executorHeap, runs)
                .with(List.of(), Map.of("SLUICE_EXECUTOR_MAXRUNSPERORGANIZATION", room));
    }

    /** Room for so many runs, half of them of one organization. */
    static SystemShape shared(CapacityOptions options, String executorHeap, int runs) {
        String room = Integer.toString(options.number("--max-runs", runs, 10_000_000));
        return new SystemShape(
                options.heap("--heap", executorHeap),
                options.heap("--gateway-heap", "512m"),
                List.of(),
                Map.of("SLUICE_EXECUTOR_MAXRUNS", room),
                "",
                UNLIMITED);
    }

    /** Workflows may reach an address. */
    SystemShape reaching(URI upstream) {
        return new SystemShape(
                executorHeap,
                gatewayHeap,
                executorJava,
                executor,
                upstream.getHost() + ":" + upstream.getPort(),
                admission);
    }

    /** The gateway admits so many requests a second of each organization, and deliveries to each endpoint. */
    SystemShape admitting(int perSecond) {
        return new SystemShape(executorHeap, gatewayHeap, executorJava, executor, allow, perSecond);
    }

    /** Further options of the executor's Java and its variables. */
    SystemShape with(List<String> java, Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(executor);
        all.putAll(variables);
        return new SystemShape(executorHeap, gatewayHeap, java, all, allow, admission);
    }
}

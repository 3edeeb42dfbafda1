package dev.sluice.loadtest.compare;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/**
 * One line of the table.
 *
 * @param cpuMillis         that the engine's processes used during the load, database apart
 * @param databaseCpuMillis the same of its database, if it has one
 * @param residentBytes     of the engine's processes at the end of the load
 * @param database          what the database counted during the load
 * @param statements        that a workflow took, of those sampled after the load
 */
record Line(
        String peer,
        Workload workload,
        int inFlight,
        Figures figures,
        long cpuMillis,
        Optional<Long> databaseCpuMillis,
        long residentBytes,
        Optional<PeerDatabase.Counters> database,
        Optional<Double> statements) {

    static final List<String> HEADINGS = List.of(
            "engine",
            "workload",
            "in flight",
            "per second",
            "p50 ms",
            "p99 ms",
            "errors",
            "CPU",
            "database CPU",
            "memory",
            "commits a run",
            "log syncs a run",
            "log bytes a run",
            "statements a run");

    List<String> cells() {
        long runs = Math.max(1, figures.succeeded());
        return List.of(
                peer,
                workload.title(),
                Integer.toString(inFlight),
                number(figures.perSecond(), 0),
                number(figures.p50Micros() / 1e3, 1),
                number(figures.p99Micros() / 1e3, 1),
                Long.toString(figures.errors()),
                share(cpuMillis),
                databaseCpuMillis.map(this::share).orElse("-"),
                (residentBytes >> 20) + " MB",
                database.map(counted -> number((double) counted.commits() / runs, 2))
                        .orElse("-"),
                database.map(counted -> number((double) counted.syncs() / runs, 2))
                        .orElse("-"),
                database.map(counted -> number((double) counted.walBytes() / runs, 0))
                        .orElse("-"),
                statements.map(count -> number(count, 2)).orElse("-"));
    }

    /** Of one core. */
    private String share(long millis) {
        return Math.round(millis / figures.seconds() / 10) + " %";
    }

    private static String number(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }
}

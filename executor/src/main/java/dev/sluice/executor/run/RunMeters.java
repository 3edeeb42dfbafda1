package dev.sluice.executor.run;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of runs. */
enum RunMeters {
    /** Runs in memory. */
    ACTIVE("sluice.runs.active"),
    /** Most runs in memory. */
    LIMIT("sluice.runs.limit");

    private final String id;

    RunMeters(String id) {
        this.id = id;
    }

    static void register(MeterRegistry registry, RunPool pool, int limit) {
        Gauge active =
                Gauge.builder(ACTIVE.id, pool, RunPool::active).baseUnit("runs").register(registry);
        Gauge most = Gauge.builder(LIMIT.id, () -> limit).baseUnit("runs").register(registry);
        assert active != most;
    }
}

package dev.sluice.executor.run;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meters of runs. */
enum RunMeters {
    /** Runs in memory. */
    ACTIVE("sluice.runs.active"),
    /** Most runs in memory. */
    LIMIT("sluice.runs.limit");

    private static final Logger LOG = LoggerFactory.getLogger(RunMeters.class);

    private final String id;

    RunMeters(String id) {
        this.id = id;
    }

    static void register(MeterRegistry registry, RunPool pool, int limit) {
        List<Gauge> gauges = List.of(
                Gauge.builder(ACTIVE.id, pool, RunPool::active).baseUnit("runs").register(registry),
                Gauge.builder(LIMIT.id, () -> limit).baseUnit("runs").register(registry));
        LOG.debug("Meters: {}", gauges);
    }
}

package dev.sluice.executor.run;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meters of runs. */
enum RunMeters {
    /** Runs in memory. */
    ACTIVE("sluice.runs.active"),
    /** Permits given out: those of runs in memory, and of runs about to be there. */
    USED("sluice.runs.permits.used"),
    /** Permits there are now. */
    LIMIT("sluice.runs.limit"),
    /** Permits there can be. */
    MAX("sluice.runs.max");

    private static final Logger LOG = LoggerFactory.getLogger(RunMeters.class);

    private final String id;

    RunMeters(String id) {
        this.id = id;
    }

    static void register(MeterRegistry registry, RunPool pool) {
        List<Gauge> gauges = List.of(
                Gauge.builder(ACTIVE.id, pool, RunPool::active).baseUnit("runs").register(registry),
                gauge(USED, pool, Permits::used).register(registry),
                gauge(LIMIT, pool, Permits::limit).register(registry),
                gauge(MAX, pool, Permits::max).register(registry));
        LOG.debug("Meters: {}", gauges);
    }

    private static Gauge.Builder<Permits> gauge(RunMeters meter, RunPool pool, ToDoubleFunction<Permits> value) {
        return Gauge.builder(meter.id, pool.permits(), value).baseUnit("runs");
    }
}

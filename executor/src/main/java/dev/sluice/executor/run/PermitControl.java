package dev.sluice.executor.run;

import dev.sluice.executor.journal.Latency;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Fits the permits to what the engine can do: every second, by the mean time of a journal commit, and by how long a task
 * waits for a thread of the engine, whichever is worse.
 */
final class PermitControl implements Disposable {

    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration PROBE = Duration.ofMillis(100);

    /** Probes that may wait for a thread; one that is held for ever collects no more. */
    private static final int MAX_PROBES = 16;

    private final Permits permits;
    private final AdaptiveLimit limit;
    private final Latency commits;
    private final Latency delays = new Latency();
    private final AtomicInteger probes = new AtomicInteger();
    private final Scheduler engine;
    private final Scheduler control;
    private final Disposable.Composite ticking = Disposables.composite();

    /**
     * Begins with {@link #start}.
     *
     * @param commits of the journal
     * @param engine  whose threads the runs share
     * @param control whose threads they do not
     */
    PermitControl(Permits permits, AdaptiveLimit limit, Latency commits, Scheduler engine, Scheduler control) {
        this.permits = permits;
        this.limit = limit;
        this.commits = commits;
        this.engine = engine;
        this.control = control;
    }

    void start() {
        ticking.add(Flux.interval(PROBE, control).onBackpressureDrop().subscribe(tick -> probe()));
        ticking.add(Flux.interval(PERIOD, control).onBackpressureDrop().subscribe(tick -> adapt()));
    }

    @Override
    public void dispose() {
        ticking.dispose();
    }

    private void adapt() {
        Duration commit = commits.drain();
        Duration delay = delays.drain();
        permits.limit(limit.next(commit.compareTo(delay) > 0 ? commit : delay, permits.used()));
    }

    private void probe() {
        if (probes.get() >= MAX_PROBES) {
            return;
        }
        probes.incrementAndGet();
        long asked = control.now(TimeUnit.NANOSECONDS);
        Disposable unused = engine.schedule(() -> {
            probes.decrementAndGet();
            delays.record(control.now(TimeUnit.NANOSECONDS) - asked);
        });
    }
}

package dev.sluice.executor.run;

import dev.sluice.executor.journal.Latency;
import dev.sluice.shared.background.Recurring;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Fits the permits to what the engine can do: every second, by the mean time of a journal commit, and by how long a task
 * waits for the least busy thread of the engine, whichever is worse.
 */
final class PermitControl implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(PermitControl.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration PROBE = Duration.ofMillis(200);

    private final Permits permits;
    private final AdaptiveLimit limit;
    private final Latency commits;
    private final Scheduler control;
    private final List<Probe> probes;
    private final Disposable.Composite ticking = Disposables.composite();

    /**
     * Begins with {@link #start}.
     *
     * @param commits of the journal
     * @param engine  whose threads the runs share
     * @param threads how many those are
     * @param control whose threads they do not
     */
    PermitControl(
            Permits permits, AdaptiveLimit limit, Latency commits, Scheduler engine, int threads, Scheduler control) {
        this.permits = permits;
        this.limit = limit;
        this.commits = commits;
        this.control = control;
        this.probes = Stream.generate(() -> new Probe(engine.createWorker(), control))
                .limit(threads)
                .toList();
    }

    void start() {
        ticking.add(Recurring.every(PROBE, control).start(() -> Mono.fromRunnable(this::probe), PermitControl::failed));
        ticking.add(
                Recurring.every(PERIOD, control).start(() -> Mono.fromRunnable(this::adapt), PermitControl::failed));
    }

    @Override
    public void dispose() {
        ticking.dispose();
        probes.forEach(Probe::dispose);
    }

    private void probe() {
        probes.forEach(Probe::send);
    }

    private void adapt() {
        long delay = probes.stream().mapToLong(Probe::delayNanos).min().orElse(0);
        long commit = commits.drain().toNanos();
        permits.limit(limit.next(Duration.ofNanos(Math.max(commit, delay)), permits.used()));
    }

    private static void failed(Throwable error) {
        LOG.warn("The permits could not be adapted: {}", error.toString());
    }

    /** Asks one thread of the engine how long it makes a task wait; one question at a time, whatever holds the thread. */
    private static final class Probe implements Disposable {

        private final Scheduler.Worker worker;
        private final Scheduler clock;
        private volatile boolean waiting;
        private volatile long askedAt;
        private volatile long lastNanos;

        Probe(Scheduler.Worker worker, Scheduler clock) {
            this.worker = worker;
            this.clock = clock;
        }

        void send() {
            if (!waiting && !worker.isDisposed()) {
                askedAt = clock.now(TimeUnit.NANOSECONDS);
                waiting = true;
                Disposable ignored = worker.schedule(this::answer);
            }
        }

        private void answer() {
            lastNanos = clock.now(TimeUnit.NANOSECONDS) - askedAt;
            waiting = false;
        }

        /** Of the last answer, or of the one that is outstanding when that is worse. */
        long delayNanos() {
            return waiting ? Math.max(lastNanos, clock.now(TimeUnit.NANOSECONDS) - askedAt) : lastNanos;
        }

        @Override
        public void dispose() {
            worker.dispose();
        }
    }
}

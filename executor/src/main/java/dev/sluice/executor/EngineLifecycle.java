package dev.sluice.executor;

import dev.sluice.executor.dispatch.Dispatch;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.executor.run.RunEngine;
import dev.sluice.executor.share.Shares;
import dev.sluice.executor.timer.Ticker;
import dev.sluice.shared.service.Startup;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Begins work once the database is migrated, and ends it in order: no new events or runs, then those in memory finish or
 * are handed over, then the lease is given back so that others take over at once.
 */
final class EngineLifecycle implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(EngineLifecycle.class);
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Duration RESIGN = Duration.ofSeconds(3);

    private final Startup startup;
    private final Shares shares;
    private final Scheduler control;
    private final NodeLease lease;
    private final RunEngine runs;
    private final Dispatch dispatch;
    private final Ticker ticker;
    private Disposable starting = Disposables.disposed();
    private volatile boolean running;

    EngineLifecycle(
            Startup startup,
            Shares shares,
            Scheduler control,
            NodeLease lease,
            RunEngine runs,
            Dispatch dispatch,
            Ticker ticker) {
        this.startup = startup;
        this.shares = shares;
        this.control = control;
        this.lease = lease;
        this.runs = runs;
        this.dispatch = dispatch;
        this.ticker = ticker;
    }

    @Override
    public synchronized void start() {
        running = true;
        starting = startup.completed().subscribe(nothing -> {}, error -> {}, this::begin);
    }

    @Override
    public void stop(Runnable callback) {
        starting.dispose();
        dispatch.dispose();
        ticker.dispose();
        Disposable stopping = runs.drain(DRAIN)
                .then(Mono.defer(lease::resign).timeout(RESIGN))
                .doFinally(signal -> {
                    lease.dispose();
                    running = false;
                    callback.run();
                })
                .subscribe(nothing -> {}, error -> LOG.warn("The lease was not given back: {}", error.toString()));
        LOG.debug("Stopping: {}", stopping);
    }

    @Override
    public void stop() {
        throw new UnsupportedOperationException("Stops asynchronously");
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After {@link Startup}, before the web server; stops after the web server has let its requests finish. */
    @Override
    public int getPhase() {
        return 1;
    }

    private void begin() {
        lease.start();
        shares.start(control);
        runs.start();
        dispatch.start();
        ticker.start();
    }
}

package dev.sluice.shared.service;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * Does what has to be done in the database before the first request, again and again until it succeeds, while the process
 * is alive and says that it is not ready. Its health is part of readiness.
 */
public final class Startup implements SmartLifecycle, HealthIndicator {

    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Mono<Void> work;
    private Disposable running = Disposables.disposed();
    private final Sinks.Empty<Void> completed = Sinks.empty();
    private volatile boolean done;

    /** Work to do at start, again and again until it succeeds. */
    public Startup(Mono<Void> work) {
        this.work = work;
    }

    /** Completes when requests can be served. */
    public Mono<Void> completed() {
        return completed.asMono();
    }

    /** Whether requests can be served. */
    public boolean done() {
        return done;
    }

    @Override
    public synchronized void start() {
        running = work.retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .doBeforeRetry(signal -> LOG.atWarn()
                                .addKeyValue("attempt", signal.totalRetries() + 1)
                                .addKeyValue("cause", signal.failure().toString())
                                .log("the database is not ready yet")))
                .subscribe(nothing -> {}, error -> LOG.error("startup failed", error), this::finished);
    }

    @Override
    public synchronized void stop() {
        running.dispose();
    }

    @Override
    public synchronized boolean isRunning() {
        return !running.isDisposed() || done;
    }

    /** Before the web server, which starts later and stops earlier. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public Health health() {
        return done ? Health.up().build() : Health.outOfService().build();
    }

    private void finished() {
        done = true;
        completed.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        LOG.info("the database is migrated, requests are served");
    }
}

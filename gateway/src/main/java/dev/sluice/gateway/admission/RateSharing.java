package dev.sluice.gateway.admission;

import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.redis.SharedRates;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;

/**
 * Tells the other gateways what was admitted here and hears what they have, every {@link #PERIOD} and at once when somebody is
 * refused. No request waits for it. While Redis is away each gateway admits its share: what there was divided by how many
 * gateways there were; what it admits then is told later. Thread-safe.
 */
final class RateSharing {

    private static final Logger LOG = LoggerFactory.getLogger(RateSharing.class);

    static final Duration PERIOD = Duration.ofMillis(50);

    private static final Duration APART = Duration.ofMillis(10);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** Callers of each kind in one round trip; the others have the next one. */
    private static final int MOST = 500;

    /** A gateway that admits nobody is counted too: it may begin at any moment. */
    private static final int HEARTBEAT = 20;

    private final List<Buckets> kinds;
    private final Function<List<SharedRates.Use>, Mono<SharedRates.Standing>> settle;
    private final Mono<Void> leave;
    private final Counter failures;
    private final Sinks.Many<Boolean> hints = Sinks.many().multicast().directBestEffort();
    private final AtomicBoolean failing = new AtomicBoolean();
    private final Disposable turns;
    private int idle = HEARTBEAT;

    /**
     * Begins.
     *
     * @param settle   notes what was taken and answers how things are
     * @param leave    has the others no longer count this gateway
     * @param failures counts the turns that came to nothing
     */
    RateSharing(
            List<Buckets> kinds,
            Function<List<SharedRates.Use>, Mono<SharedRates.Standing>> settle,
            Mono<Void> leave,
            Counter failures,
            Scheduler scheduler) {
        this.kinds = kinds;
        this.settle = settle;
        this.leave = leave;
        this.failures = failures;
        this.turns = Recurring.every(PERIOD, scheduler)
                .orOn(hints.asFlux())
                .apart(APART)
                .start(this::turn, this::failed);
    }

    /** Somebody was refused, perhaps for what the others have not taken. */
    void hint() {
        // Nobody hears it once all has ended.
        Sinks.EmitResult ignored = hints.tryEmitNext(true);
    }

    /**
     * Ends: tells what nobody was told of yet and is no longer counted, so that those that stay have the whole limit at once.
     * Never fails, and takes no longer than {@link #LIMIT}.
     */
    Mono<Void> close() {
        return Mono.defer(() -> {
            turns.dispose();
            return Flux.<List<Buckets.Report>>generate(this::report)
                    .concatMap(this::tell)
                    .onErrorComplete()
                    .then(leave)
                    .timeout(LIMIT)
                    .onErrorComplete();
        });
    }

    private Mono<Void> turn() {
        return Mono.defer(() -> {
            List<Buckets.Report> reports = reports();
            if (reports.isEmpty() && idle++ < HEARTBEAT) {
                return Mono.empty();
            }
            idle = 0;
            return tell(reports);
        });
    }

    private void report(SynchronousSink<List<Buckets.Report>> sink) {
        List<Buckets.Report> reports = reports();
        if (reports.isEmpty()) {
            sink.complete();
        } else {
            sink.next(reports);
        }
    }

    private List<Buckets.Report> reports() {
        return kinds.stream().flatMap(kind -> kind.report(MOST).stream()).toList();
    }

    /** When nobody can say whether it was noted it is told again: rather too few are admitted than too many. */
    private Mono<Void> tell(List<Buckets.Report> reports) {
        return settle.apply(reports.stream().map(Buckets.Report::use).toList())
                .timeout(LIMIT)
                .doOnNext(standing -> settled(reports, standing))
                .doOnError(error -> reports.forEach(Buckets.Report::takeBack))
                .doOnCancel(() -> reports.forEach(Buckets.Report::takeBack))
                .then();
    }

    private void settled(List<Buckets.Report> reports, SharedRates.Standing standing) {
        kinds.forEach(kind -> kind.share(standing.nodes()));
        for (int i = 0; i < reports.size(); i++) {
            reports.get(i).settle(standing.fullInNanos().get(i));
        }
        if (failing.compareAndSet(true, false)) {
            LOG.info("limits are shared again");
        }
    }

    private void failed(Throwable error) {
        failures.increment();
        if (failing.compareAndSet(false, true)) {
            LOG.warn("limits cannot be shared; each gateway admits its part of them: {}", error.toString());
        }
    }
}

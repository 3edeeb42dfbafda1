package dev.sluice.gateway.quota;

import dev.sluice.gateway.quota.Lease.Ask;
import dev.sluice.gateway.quota.LeaseStore.Answer;
import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Settles the leases of one gateway with PostgreSQL, which all gateways have in common: those that somebody waits for at once,
 * the others within a second. Many leases are one statement, one statement is under way at a time. Closing gives back
 * what was taken ahead. Thread-safe.
 */
final class Ledger implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    static final Duration PERIOD = Duration.ofSeconds(1);

    private static final Duration APART = Duration.ofMillis(5);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Leases in one statement, which holds the locks of all their organizations. */
    private static final int MOST = 200;

    private final Leases leases;
    private final Function<List<Ask>, Mono<Map<UUID, Answer>>> settle;
    private final Counter failures;
    private final LongSupplier nanoTime;
    private final Queue<Lease> urgent = new ConcurrentLinkedQueue<>();
    private final Queue<Lease> queue = new ConcurrentLinkedQueue<>();
    private final Sinks.Many<Boolean> hints = Sinks.many().multicast().directBestEffort();
    private final AtomicBoolean failing = new AtomicBoolean();
    private final Disposable turns;
    private long walkedAtNanos;

    /**
     * Begins.
     *
     * @param settle   asks PostgreSQL
     * @param failures counts the turns that came to nothing
     * @param nanoTime monotonic
     */
    Ledger(
            Leases leases,
            Function<List<Ask>, Mono<Map<UUID, Answer>>> settle,
            Counter failures,
            LongSupplier nanoTime,
            Scheduler scheduler) {
        this.leases = leases;
        this.settle = settle;
        this.failures = failures;
        this.nanoTime = nanoTime;
        this.walkedAtNanos = nanoTime.getAsLong();
        this.turns = Recurring.every(PERIOD, scheduler)
                // Not on the thread of whoever waits: a walk goes past all leases.
                .orOn(hints.asFlux().onBackpressureLatest().publishOn(scheduler, 1))
                .apart(APART)
                .startGreedily(this::turn, this::failed);
    }

    /** The lease has its turn at once, before those that nobody waits for. */
    void hurry(Lease lease) {
        if (lease.hurry()) {
            urgent.add(lease);
            hint();
        }
    }

    /** What bounds an organization is something else from now on. */
    void changed(OrganizationId organization) {
        leases.of(organization).forEach(lease -> {
            lease.changed();
            hurry(lease);
        });
    }

    /** What bounds anybody may be; there may be many of them, who go on as before until it is their turn. */
    void changedForAll() {
        leases.all().forEach(lease -> {
            lease.changesSoon();
            enqueue(lease);
        });
        hint();
    }

    private void enqueue(Lease lease) {
        if (lease.enqueue()) {
            queue.add(lease);
        }
    }

    @Override
    public void dispose() {
        turns.dispose();
    }

    /** Gives back what was taken ahead, after everything else has ended. */
    Mono<Void> giveBack() {
        return Mono.defer(() -> {
            dispose();
            List<Ask> asks = leases.all().map(lease -> lease.ask(true)).toList();
            return Flux.fromIterable(asks).buffer(MOST).concatMap(this::settle).then();
        });
    }

    private void hint() {
        // Nobody hears it once all has ended.
        Sinks.EmitResult ignored = hints.tryEmitNext(true);
    }

    /** True when there is more. */
    private Mono<Boolean> turn() {
        return Mono.defer(() -> {
            walk();
            List<Ask> asks = take();
            return asks.isEmpty() ? Mono.just(false) : settle(asks).then(Mono.fromSupplier(this::isMore));
        });
    }

    private void walk() {
        long now = nanoTime.getAsLong();
        if (now - walkedAtNanos < PERIOD.toNanos()) {
            return;
        }
        walkedAtNanos = now;
        leases.walk().forEach(this::enqueue);
    }

    private boolean isMore() {
        return !urgent.isEmpty() || !queue.isEmpty();
    }

    /** Each once: one that was put into a queue again meanwhile has its next turn later. */
    private List<Ask> take() {
        Map<Lease, Ask> asks = new LinkedHashMap<>();
        for (Queue<Lease> next : List.of(urgent, queue)) {
            while (asks.size() < MOST && !next.isEmpty() && !asks.containsKey(next.peek())) {
                Lease lease = next.remove();
                if (lease.isDue()) {
                    asks.put(lease, lease.ask(leases.isOver(lease)));
                }
            }
        }
        return List.copyOf(asks.values());
    }

    /** When nobody can say what came of it, all is told again: what a lease has is told as a whole. */
    private Mono<Void> settle(List<Ask> asks) {
        return settle.apply(asks)
                .timeout(LIMIT)
                .doOnNext(answers ->
                        asks.forEach(ask -> settled(ask, answers.get(ask.lease().id()))))
                .doOnError(error -> asks.forEach(ask -> ask.lease().failed(error)))
                .doOnCancel(() -> asks.forEach(ask -> ask.lease().failed(new CancellationException())))
                .then();
    }

    private void settled(Ask ask, @Nullable Answer answer) {
        Lease lease = ask.lease();
        if (answer == null || answer.windows() == null) {
            // An organization that is gone lets nobody in, and has nothing to count.
            lease.told(ask);
        } else if (answer.granted() == null) {
            lease.unbounded(ask);
        } else {
            lease.granted(ask, answer.granted(), Window.all(answer.windows()), nanoTime.getAsLong());
        }
        if (failing.compareAndSet(true, false)) {
            LOG.info("quotas are shared again");
        }
    }

    private void failed(Throwable error) {
        failures.increment();
        if (failing.compareAndSet(false, true)) {
            LOG.warn(
                    "what is left of quotas cannot be asked; gateways go on with what they have: {}", error.toString());
        }
    }
}

package dev.sluice.executor.node;

import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.postgres.Retention;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Keeps this process's lease, and takes over the runs of nodes that lost theirs.
 *
 * <pre>
 *   none ──register──▶ alive ──renewal refused or lease run out──▶ none (a new incarnation registers)
 * </pre>
 *
 * <p>Takeover is two commits: the node is marked dead, which waits for its writes under way and refuses all later ones;
 * then its runs are freed. Nobody takes over before having renewed without a gap for a full lease, so that an outage of the
 * database, which silences everybody, makes nobody a victim.
 */
public final class NodeLease implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);
    private static final int RELEASE_BATCH = 1_000;
    private static final Duration PARTITIONS = Duration.ofHours(1);
    private static final Duration PARTITIONS_LIMIT = Duration.ofMinutes(1);

    private final NodeStore store;
    private final NodeSettings settings;
    private final JournalFormat known;
    private final Scheduler scheduler;
    private final AtomicReference<@Nullable Incarnation> current = new AtomicReference<>();
    private final Sinks.Many<Incarnation> lost = Sinks.many().multicast().directBestEffort();
    private final Disposable.Composite ticking = Disposables.composite();
    private volatile long steadySinceNanos;

    /** The lease of a node that understands journals up to a format. */
    NodeLease(NodeStore store, NodeSettings settings, JournalFormat known, Scheduler scheduler) {
        this.store = store;
        this.settings = settings;
        this.known = known;
        this.scheduler = scheduler;
    }

    /** A lease kept through the engine's pool. */
    public static NodeLease of(ConnectionPool engine, NodeSettings settings, Scheduler scheduler) {
        return new NodeLease(new NodeStore(engine), settings, JournalFormat.CURRENT, scheduler);
    }

    /** Forgets nodes that died long ago and left nothing. */
    public static Retention.Rule retention() {
        return NodeStore.RETENTION;
    }

    /** Starts to register, renew and look after others; goes on until disposed, whatever fails. */
    public void start() {
        ticking.add(Recurring.every(Duration.ZERO, PARTITIONS, scheduler)
                .within(PARTITIONS_LIMIT)
                .start(store::ensurePartitions, NodeLease::unpartitioned));
        ticking.add(Recurring.every(Duration.ZERO, settings.renewal(), scheduler)
                .within(settings.renewal())
                .start(this::turn, NodeLease::failed));
    }

    /** The incarnation that may own runs now; empty before the first registration and after a loss. */
    public Optional<Incarnation> current() {
        return Optional.ofNullable(current.get()).filter(Incarnation::mayAct);
    }

    /** Incarnations that lost their lease; whoever runs something for one of them must drop it. */
    public Flux<Incarnation> lost() {
        return lost.asFlux();
    }

    /** Gives the lease back, so that others may take over at once; completes also when the database is away. */
    public Mono<Void> resign() {
        return Mono.defer(() -> {
            ticking.dispose();
            Incarnation last = current.getAndSet(null);
            return last == null
                    ? Mono.empty()
                    : store.resign(last.id()).then(store.release(RELEASE_BATCH).then());
        });
    }

    @Override
    public void dispose() {
        ticking.dispose();
    }

    private Mono<Void> turn() {
        return Mono.defer(() -> {
            Incarnation incarnation = current.get();
            return incarnation == null ? register() : renew(incarnation);
        });
    }

    private Mono<Void> register() {
        Incarnation incarnation = new Incarnation(Ids.next(), known);
        long askedAt = System.nanoTime();
        return store.register(incarnation.id(), settings.name(), settings.lease(), known)
                .then(agree(incarnation))
                .doOnSuccess(done -> {
                    incarnation.renewed(askedAt, settings.lease());
                    steadySinceNanos = askedAt;
                    current.set(incarnation);
                    LOG.info("Node {} registered as {}", settings.name(), incarnation.id());
                });
    }

    private Mono<Void> renew(Incarnation incarnation) {
        long askedAt = System.nanoTime();
        if (!incarnation.mayAct()) {
            steadySinceNanos = askedAt;
        }
        return store.renew(incarnation.id(), settings.lease()).flatMap(alive -> {
            if (!alive) {
                drop(incarnation);
                return Mono.empty();
            }
            incarnation.renewed(askedAt, settings.lease());
            return agree(incarnation).then(takeOver(askedAt));
        });
    }

    /** Writes no more than all understand; what was agreed before stands while nobody can be asked. */
    private Mono<Void> agree(Incarnation incarnation) {
        return store.commonFormat().doOnNext(incarnation::writes).then();
    }

    private Mono<Void> takeOver(long now) {
        if (now - steadySinceNanos < settings.lease().toNanos()) {
            return Mono.empty();
        }
        return store.bury()
                .doOnNext(dead -> dead.forEach(id -> LOG.warn("Node {} lost its lease; its runs are taken over", id)))
                .then(store.release(RELEASE_BATCH))
                .doOnNext(count -> {
                    if (count > 0) {
                        LOG.info("Freed {} runs of dead nodes", count);
                    }
                })
                .then();
    }

    private void drop(Incarnation incarnation) {
        LOG.warn("Node {} was declared dead; its runs are dropped here", incarnation.id());
        current.compareAndSet(incarnation, null);
        lost.emitNext(incarnation, Sinks.EmitFailureHandler.FAIL_FAST);
    }

    private static void unpartitioned(Throwable error) {
        LOG.warn("Partitions were not made ahead, rows go to the default ones: {}", error.toString());
    }

    private static void failed(Throwable error) {
        LOG.warn("The lease could not be renewed: {}", error.toString());
    }
}

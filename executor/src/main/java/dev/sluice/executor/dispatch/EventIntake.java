package dev.sluice.executor.dispatch;

import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.event.EventStore;
import dev.sluice.executor.node.Incarnation;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.executor.run.Reservation;
import dev.sluice.executor.run.RunPool;
import dev.sluice.executor.share.Shares;
import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.redis.Allowance;
import dev.sluice.shared.redis.WorkItem;
import dev.sluice.shared.redis.WorkStreams;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Takes events from the streams as far as there are permits, writes receipts and runs in one transaction, begins the runs,
 * and acknowledges. What fails before the commit stays in its stream and is taken again; what fails after it is taken
 * again too and changes nothing.
 */
public final class EventIntake implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(EventIntake.class);
    private static final int BATCH = 256;

    /** Of events read at once. */
    private static final long MAX_BYTES = 8L << 20;

    /** A turn that takes longer hangs on a connection that is gone. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Organizations of which it is said what they may have, in one take. */
    private static final int MAX_ALLOWANCES = 1_000;

    private static final Duration POLL = Duration.ofMillis(200);

    /** To take one event costs as much as to take fifty: under load more come together, and a single one waits for nobody. */
    private static final Duration APART = Duration.ofMillis(10);

    private static final Duration RECLAIM = Duration.ofSeconds(5);
    private static final Duration ABANDONED = Duration.ofSeconds(30);

    private final WorkStreams streams;
    private final EventStore events;
    private final HandOver handOver;
    private final DeadEvents dead;
    private final RunPool pool;
    private final Shares shares;
    private final NodeLease lease;
    private final Scheduler scheduler;
    private final Disposable.Composite loops = Disposables.composite();

    EventIntake(
            WorkStreams streams,
            EventStore events,
            HandOver handOver,
            DeadEvents dead,
            RunPool pool,
            Shares shares,
            NodeLease lease,
            Scheduler scheduler) {
        this.streams = streams;
        this.events = events;
        this.handOver = handOver;
        this.dead = dead;
        this.pool = pool;
        this.shares = shares;
        this.lease = lease;
        this.scheduler = scheduler;
    }

    /** Starts to take events; goes on until disposed, whatever fails. */
    public void start() {
        loops.add(Recurring.every(POLL, scheduler)
                .orOn(streams.wakeups())
                .apart(APART)
                .startGreedily(() -> owned(this::drain), EventIntake::failed));
        loops.add(Recurring.every(RECLAIM, scheduler)
                .start(() -> owned(this::reclaim).then(handOver.finish()), EventIntake::failed));
    }

    @Override
    public void dispose() {
        loops.dispose();
    }

    private <T> Mono<T> owned(Function<Incarnation, Mono<T>> work) {
        return Mono.justOrEmpty(lease.current()).flatMap(work);
    }

    /** Takes batches as long as they come back full, and says whether there may be more. */
    private Mono<Boolean> drain(Incarnation owner) {
        return Mono.using(
                        () -> pool.reserveBatch(BATCH),
                        permits -> take(owner, permits).timeout(LIMIT))
                .repeat()
                .takeUntil(taken -> taken < BATCH)
                .last(0)
                .map(taken -> taken > 0);
    }

    private Mono<Integer> take(Incarnation owner, Reservation permits) {
        if (permits.size() == 0) {
            return Mono.just(0);
        }
        int room = pool.scaled(shares.defaultMaxRuns());
        return streams.take(owner.id().toString(), permits.size(), room, allowances())
                .flatMap(items -> accept(items, owner, permits)
                        .doOnNext(EventIntake::refused)
                        .then()
                        .thenReturn(items.size()));
    }

    /** What holds for organizations that have runs here; the first take of another goes by the default. */
    private List<Allowance> allowances() {
        return pool.organizations()
                .limit(MAX_ALLOWANCES)
                .map(organization -> new Allowance(organization, shares.weight(organization), pool.room(organization)))
                .toList();
    }

    private Mono<Void> reclaim(Incarnation owner) {
        return Mono.using(
                () -> pool.reserveBatch(BATCH),
                permits -> permits.size() == 0
                        ? Mono.empty()
                        : streams.reclaim(owner.id().toString(), ABANDONED, permits.size())
                                .filter(items -> !items.isEmpty())
                                .flatMap(items -> dead.again(items, some -> accept(some, owner, permits)))
                                .timeout(LIMIT));
    }

    /**
     * Hands items over and acknowledges them. When that fails for a reason that may lie in one of them, they are halved until
     * it is alone: that one is emitted and stays where it is, the others are through.
     */
    private Flux<DeadEvents.Refused> accept(List<WorkItem> items, Incarnation owner, Reservation permits) {
        if (items.isEmpty()) {
            return Flux.empty();
        }
        Set<UUID> ids = items.stream().map(WorkItem::eventId).collect(Collectors.toSet());
        return start(ids, owner, permits)
                .then(Mono.defer(() -> streams.acknowledge(items)))
                .thenMany(Flux.<DeadEvents.Refused>empty())
                .onErrorResume(error -> !DeadEvents.blameless(error), error -> halved(items, error, owner, permits));
    }

    private Flux<DeadEvents.Refused> halved(
            List<WorkItem> items, Throwable error, Incarnation owner, Reservation permits) {
        if (items.size() == 1) {
            return Flux.just(new DeadEvents.Refused(items.getFirst(), error));
        }
        int half = items.size() / 2;
        return accept(items.subList(0, half), owner, permits)
                .concatWith(accept(items.subList(half, items.size()), owner, permits));
    }

    /** It comes back through {@link #reclaim}, which counts. */
    private static void refused(DeadEvents.Refused one) {
        LOG.error("Event {} could not be handed over", one.item().eventId(), one.error());
    }

    /** Reads as many as {@link #MAX_BYTES} allow, and goes on until no more are found. */
    private Mono<Void> start(Set<UUID> ids, Incarnation owner, Reservation permits) {
        if (ids.isEmpty()) {
            return Mono.empty();
        }
        return events.byId(ids, MAX_BYTES)
                .collectList()
                .filter(arrived -> !arrived.isEmpty())
                .flatMap(arrived -> handOver.start(arrived, owner, permits)
                        .then(Mono.defer(() -> start(others(ids, arrived), owner, permits))));
    }

    private static Set<UUID> others(Set<UUID> ids, List<ArrivedEvent> events) {
        Set<UUID> left = new HashSet<>(ids);
        events.forEach(event -> left.remove(event.id()));
        return left;
    }

    private static void failed(Throwable error) {
        LOG.warn("Events could not be taken over: {}", error.getMessage());
    }
}

package dev.sluice.executor.dispatch;

import dev.sluice.executor.node.Incarnation;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.redis.WorkStreams;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Publishes events that have no receipt: those a gateway could not hand over, those that found their stream full, and all
 * that Redis lost. Publishing what a stream has already changes nothing. One node does it for all.
 *
 * <p>Most looks go over the last half minute. Every minute, and at once when Redis has lost its data, the duty is new here,
 * or a stream was full, one goes over everything since the oldest event without a receipt; how far that is, is stored.
 */
public final class Reconciler implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration WHOLE = Duration.ofMinutes(1);

    /** A look that takes longer hangs on a connection that is gone. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** An event younger than this is on its way. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** An id is made when a delivery arrives; most are committed by then. */
    private static final Duration RECENT = Duration.ofSeconds(30);

    /** By then each event is committed or refused: a gateway gives up sooner on a database that is slow. */
    private static final Duration SETTLED = Duration.ofMinutes(10);

    private final WorkStreams streams;
    private final DispatchStore store;
    private final Duty duty;
    private final NodeLease lease;
    private final Scheduler scheduler;
    private final Clock clock;
    private final Disposable.Swap ticking = Disposables.swap();

    // Touched by one look at a time.
    private volatile String generation = "";
    private volatile Instant wholeDue = Instant.MIN;

    Reconciler(WorkStreams streams, DispatchStore store, Duty duty, NodeLease lease, Scheduler scheduler, Clock clock) {
        this.streams = streams;
        this.store = store;
        this.duty = duty;
        this.lease = lease;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** Starts to look; goes on until disposed, whatever fails. */
    public void start() {
        ticking.update(Recurring.every(INTERVAL, scheduler)
                .within(LIMIT)
                .start(() -> Mono.justOrEmpty(lease.current()).flatMap(this::look), this::failed));
    }

    @Override
    public void dispose() {
        ticking.dispose();
    }

    /** One look, by whoever has the duty. */
    Mono<Void> look(Incarnation owner) {
        return duty.hold(owner)
                .switchIfEmpty(Mono.defer(this::rest))
                .flatMap(position -> lostData().flatMap(lost -> walk(owner, position, lost)));
    }

    private Mono<UUID> rest() {
        wholeDue = Instant.MIN;
        return Mono.empty();
    }

    /** Whether Redis is not the one of the last look, or the last look failed. */
    private Mono<Boolean> lostData() {
        return streams.generation()
                .flatMap(known -> known.map(Mono::just).orElseGet(streams::renewGeneration))
                .map(current -> {
                    boolean changed = !current.equals(generation);
                    generation = current;
                    return changed;
                });
    }

    /**
     * An organization with much in its stream already is left out: what it has is not offered again and again, and it is fed
     * again when half of the stream is free.
     */
    private Mono<Void> walk(Incarnation owner, UUID position, boolean lost) {
        Instant now = clock.instant();
        boolean whole = lost || !now.isBefore(wholeDue);
        int enough = streams.maxLength() / 2;
        return streams.longerThan(whole ? enough : Math.min(enough, Window.PAGE))
                .map(busy -> new Window(position, floor(now.minus(GRACE)), busy))
                .flatMap(window -> whole
                        ? whole(owner, window, now)
                        : publish(window.notBefore(floor(now.minus(RECENT)))).then());
    }

    /** The oldest is looked for among all, also among those that are left out. While some are, the next look is whole too. */
    private Mono<Void> whole(Incarnation owner, Window window, Instant now) {
        UUID settled = floor(now.minus(SETTLED));
        return store.unreceived(window.from(), window.before(), List.of(), 1)
                .map(DispatchStore.Unreceived::id)
                .next()
                .defaultIfEmpty(settled)
                .flatMap(first -> publish(window)
                        .flatMap(end -> duty.advance(owner, window.from(), min(first, settled))
                                .then(Mono.fromRunnable(
                                        () -> wholeDue = end.full().isEmpty() ? now.plus(WHOLE) : now))));
    }

    private Mono<Window> publish(Window start) {
        return Mono.just(start)
                .expand(window -> window.ended() ? Mono.empty() : page(window))
                .last();
    }

    private Mono<Window> page(Window window) {
        return store.unreceived(window.from(), window.before(), window.full(), Window.PAGE)
                .collectList()
                .flatMap(found -> publish(found).map(full -> window.next(found, full)));
    }

    /** Emits the organizations whose streams have no room for more. */
    private Mono<List<OrganizationId>> publish(List<DispatchStore.Unreceived> found) {
        Map<OrganizationId, List<UUID>> ids = found.stream()
                .collect(Collectors.groupingBy(
                        DispatchStore.Unreceived::organization,
                        Collectors.mapping(DispatchStore.Unreceived::id, Collectors.toList())));
        return Flux.fromIterable(ids.entrySet())
                .filterWhen(entry -> streams.publish(entry.getKey(), entry.getValue())
                        .map(there -> there < entry.getValue().size()))
                .map(Map.Entry::getKey)
                .collectList();
    }

    private static UUID min(UUID one, UUID other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static UUID floor(Instant instant) {
        return new UUID(instant.toEpochMilli() << 16, 0);
    }

    /** While Redis was away gateways could not hand over, whatever it holds when it is back: the next look trusts it not. */
    private void failed(Throwable error) {
        generation = "";
        LOG.warn("Events without a receipt could not be looked for: {}", error.getMessage());
    }
}

package dev.sluice.executor.dispatch;

import dev.sluice.executor.node.NodeLease;
import dev.sluice.shared.redis.WorkStreams;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * Publishes events that have no receipt once more: those a gateway could not hand over, and all that Redis lost. Publishing
 * twice is harmless, and a backlog the streams still hold is left alone: then only events older than {@link #PATIENCE} are
 * taken for lost.
 */
public final class Reconciler implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final int BATCH = 1_000;

    /** A turn that takes longer hangs on a connection that is gone. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** An event younger than this may be on its way. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** An event this old is published again even though the streams hold others. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /**
     * How far back each look goes: an id is made when a delivery arrives, and a gateway whose database is slow may commit it
     * minutes later. What is later still is found by the next start.
     */
    private static final Duration LATE_COMMIT = Duration.ofMinutes(10);

    private final WorkStreams streams;
    private final DispatchStore store;
    private final NodeLease lease;
    private final Scheduler scheduler;
    private final Clock clock;
    private final Disposable.Swap ticking = Disposables.swap();
    private volatile UUID watermark = floor(Instant.EPOCH);
    private volatile String generation = "";

    Reconciler(WorkStreams streams, DispatchStore store, NodeLease lease, Scheduler scheduler, Clock clock) {
        this.streams = streams;
        this.store = store;
        this.lease = lease;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** Starts to look; goes on until disposed, whatever fails. */
    public void start() {
        ticking.update(Flux.interval(INTERVAL, scheduler)
                .onBackpressureDrop()
                .concatMap(
                        tick -> Mono.justOrEmpty(lease.current())
                                .flatMap(owner -> reconcile().timeout(LIMIT))
                                .onErrorResume(this::failed),
                        1)
                .subscribe());
    }

    @Override
    public void dispose() {
        ticking.dispose();
    }

    private Mono<Void> reconcile() {
        return Mono.zip(lostData(), streams.backlog()).flatMap(both -> {
            boolean trusted = !both.getT1() && both.getT2() > 0;
            Instant now = clock.instant();
            return republish(floor(now.minus(trusted ? PATIENCE : GRACE)), floor(now.minus(LATE_COMMIT)));
        });
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

    private Mono<Void> republish(UUID before, UUID settled) {
        return store.unreceived(watermark, before, BATCH)
                .collectList()
                .flatMap(found -> publish(found).doOnSuccess(done -> advance(found, min(before, settled))));
    }

    private Mono<Void> publish(List<DispatchStore.Unreceived> found) {
        if (!found.isEmpty()) {
            LOG.info("Publishing {} events that have no receipt", found.size());
        }
        Map<OrganizationId, List<UUID>> byOrganization = found.stream()
                .collect(Collectors.groupingBy(
                        DispatchStore.Unreceived::organization,
                        Collectors.mapping(DispatchStore.Unreceived::id, Collectors.toList())));
        return Flux.fromIterable(byOrganization.entrySet())
                .concatMap(entry -> streams.publish(entry.getKey(), entry.getValue()))
                .then();
    }

    /** Everything before the watermark has its receipt, or was just published and is looked at again. */
    private void advance(Collection<DispatchStore.Unreceived> found, UUID latest) {
        Optional<UUID> first = found.stream().map(DispatchStore.Unreceived::id).findFirst();
        watermark = first.filter(id -> id.compareTo(latest) < 0).orElse(latest);
    }

    private static UUID min(UUID one, UUID other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static UUID floor(Instant instant) {
        return new UUID(instant.toEpochMilli() << 16, 0);
    }

    /** While Redis was away gateways could not hand over, whatever it holds when it is back: the next look trusts it not. */
    private Mono<Void> failed(Throwable error) {
        generation = "";
        LOG.warn("Events without a receipt could not be looked for: {}", error.getMessage());
        return Mono.empty();
    }
}

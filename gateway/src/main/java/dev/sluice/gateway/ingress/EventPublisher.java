package dev.sluice.gateway.ingress;

import dev.sluice.shared.redis.WorkStreams;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Publishes the ids of stored events to Redis, many at once and after their senders were answered. An id that finds the
 * queue full or Redis away is counted and let go: its event is stored, and the executor's reconciler finds it.
 * Thread-safe, does not block; one publication is under way at a time.
 */
final class EventPublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
    private static final int MAX_BATCH = 512;

    private final Queue<Stored> queue = new ConcurrentLinkedQueue<>();
    /** Ids in the queue and in the publication under way; whoever makes it leave zero starts publishing. */
    private final AtomicInteger waiting = new AtomicInteger();

    private final Disposable.Swap current = Disposables.swap();
    private final WorkStreams streams;
    private final int maximum;
    private final Duration timeout;
    private final Counter unpublished;
    private final Scheduler scheduler;

    EventPublisher(WorkStreams streams, int maximum, Duration timeout, Counter unpublished, Scheduler scheduler) {
        this.streams = streams;
        this.maximum = maximum;
        this.timeout = timeout;
        this.unpublished = unpublished;
        this.scheduler = scheduler;
    }

    /** Takes an id over, or counts it as unpublished. */
    void offer(OrganizationId organization, UUID event) {
        int before = waiting.getAndUpdate(count -> count < maximum ? count + 1 : count);
        if (before >= maximum) {
            unpublished.increment();
            return;
        }
        queue.offer(new Stored(organization, event));
        if (before == 0) {
            publishNext();
        }
    }

    /** Drops what waits; the reconciler finds it. */
    @Override
    public void close() {
        current.dispose();
    }

    private void publishNext() {
        current.replace(Mono.defer(this::publishBatch)
                .subscribeOn(scheduler)
                .subscribe(this::finished, error -> LOG.error("publishing stopped", error)));
    }

    private void finished(int taken) {
        if (waiting.addAndGet(-taken) > 0) {
            publishNext();
        }
    }

    /** How many ids were taken from the queue; never an error. */
    private Mono<Integer> publishBatch() {
        Map<OrganizationId, List<UUID>> batch = new LinkedHashMap<>();
        int taken = 0;
        for (Stored next = queue.poll(); next != null; next = taken < MAX_BATCH ? queue.poll() : null) {
            batch.computeIfAbsent(next.organization, organization -> new ArrayList<>())
                    .add(next.event);
            taken++;
        }
        return Flux.fromIterable(batch.entrySet())
                .concatMap(entry -> publish(entry.getKey(), entry.getValue()))
                .then(Mono.just(taken));
    }

    private Mono<Void> publish(OrganizationId organization, List<UUID> ids) {
        return streams.publish(organization, ids)
                .timeout(timeout)
                .onErrorResume(error -> {
                    LOG.atDebug().setCause(error).log("ids were left to the reconciler");
                    return Mono.just(0);
                })
                .doOnNext(published -> unpublished.increment(Math.max(0, ids.size() - published)))
                .then();
    }

    private record Stored(OrganizationId organization, UUID event) {}
}

package dev.sluice.shared.redis;

import dev.sluice.shared.pressure.Bound;
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
 * queue full or Redis away is counted and let go: its event is stored, and the executor's reconciler finds it. No failure
 * ends the publishing of later ids.
 * Thread-safe, does not block; one publication is under way at a time.
 */
public final class EventPublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
    private static final int MAX_BATCH = 512;

    private final Queue<Stored> queue = new ConcurrentLinkedQueue<>();
    /** Ids in the queue and in the publication under way; whoever makes it leave zero starts publishing. */
    private final AtomicInteger waiting = new AtomicInteger();

    private final Disposable.Swap current = Disposables.swap();
    private final Stream stream;
    private final int maximum;
    private final Duration timeout;
    private final Counter unpublished;
    private final Scheduler scheduler;
    private volatile boolean failing;

    /**
     * A publisher to the given streams.
     *
     * @param maximum     ids that wait or are being published at once
     * @param timeout     of one publication
     * @param unpublished counts what was let go
     */
    public EventPublisher(Stream stream, int maximum, Duration timeout, Counter unpublished, Scheduler scheduler) {
        this.stream = stream;
        this.maximum = maximum;
        this.timeout = timeout;
        this.unpublished = unpublished;
        this.scheduler = scheduler;
    }

    /** Takes an id over, or counts it as unpublished. */
    public void offer(OrganizationId organization, UUID event) {
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

    /** Ids on their way to Redis, under a name. */
    public Bound bound(String name) {
        return Bound.refusing(name, maximum, waiting.get());
    }

    /** Drops what waits; the reconciler finds it. */
    @Override
    public void close() {
        current.dispose();
    }

    private void publishNext() {
        current.replace(Mono.fromSupplier(this::take)
                .flatMap(this::publish)
                .subscribeOn(scheduler)
                .subscribe(this::finished));
    }

    private void finished(int taken) {
        if (waiting.addAndGet(-taken) > 0) {
            publishNext();
        }
    }

    private Batch take() {
        Map<OrganizationId, List<UUID>> ids = new LinkedHashMap<>();
        int size = 0;
        for (Stored next = queue.poll(); next != null; next = size < MAX_BATCH ? queue.poll() : null) {
            ids.computeIfAbsent(next.organization, organization -> new ArrayList<>())
                    .add(next.event);
            size++;
        }
        return new Batch(ids, size);
    }

    /** The batch's size whatever becomes of its ids: an error here would be the end of all publishing. */
    private Mono<Integer> publish(Batch batch) {
        return Flux.fromIterable(batch.ids.entrySet())
                .concatMap(entry -> publish(entry.getKey(), entry.getValue()))
                .then(Mono.just(batch.size));
    }

    private Mono<Integer> publish(OrganizationId organization, List<UUID> ids) {
        return Mono.defer(() -> stream.publish(organization, ids))
                .timeout(timeout)
                .doOnNext(published -> succeeded())
                .onErrorResume(error -> Mono.just(failed(error)))
                .doOnNext(published -> unpublished.increment(Math.max(0, ids.size() - published)));
    }

    private void succeeded() {
        if (failing) {
            failing = false;
            LOG.info("ids of events are published again");
        }
    }

    /** Said once, not for every batch of a long outage. */
    private int failed(Throwable error) {
        if (!failing) {
            failing = true;
            LOG.atWarn().setCause(error).log("ids of events cannot be published; they are left to the reconciler");
        }
        return 0;
    }

    /** Publishes ids of one organization and gives how many were taken. */
    @FunctionalInterface
    public interface Stream {

        /** Emits how many of the ids are in the stream now, from the first on. */
        Mono<Integer> publish(OrganizationId organization, List<UUID> ids);
    }

    private record Batch(Map<OrganizationId, List<UUID>> ids, int size) {}

    private record Stored(OrganizationId organization, UUID event) {}
}

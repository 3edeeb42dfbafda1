package dev.sluice.executor.dispatch;

import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.redis.WorkItem;
import dev.sluice.shared.redis.WorkStreams;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Hands over again what was not acknowledged, and gives up an event whose hand-over failed too often. Each try is committed
 * before it begins, so that an event which ends the executor counts too. Those that come for the first time may only have
 * been with one that died; they go together. From the second time on each goes alone, so that the one to blame takes no
 * other with it. While the database or Redis is away nothing counts.
 */
final class DeadEvents {

    private static final Logger LOG = LoggerFactory.getLogger(DeadEvents.class);
    private static final String ENDED = "Each time it was handed over, its executor ended or did not finish.";

    private final WorkStreams streams;
    private final DeadEventStore store;
    private final int maxTries;

    DeadEvents(WorkStreams streams, DeadEventStore store, int maxTries) {
        this.streams = streams;
        this.store = store;
        this.maxTries = maxTries;
    }

    /**
     * Hands items over again.
     *
     * @param handOver does so, and acknowledges; emits the items that were refused, each with its error, which are not
     */
    Mono<Void> again(List<WorkItem> items, Function<List<WorkItem>, Flux<Refused>> handOver) {
        return store.tried(items).flatMap(tried -> {
            List<WorkItem> first = new ArrayList<>(items);
            first.removeIf(item -> tried.containsKey(item.eventId()));
            List<WorkItem> suspects = new ArrayList<>(items);
            suspects.removeAll(first);
            return attempt(first, Map.of(), handOver)
                    .thenMany(Flux.fromIterable(suspects))
                    // One that meets a lock, say, is no reason to leave the others.
                    .concatMapDelayError(item -> suspect(item, tried, handOver))
                    .then();
        });
    }

    /** An item whose hand-over failed, for a reason that lies in it. */
    record Refused(WorkItem item, Throwable error) {}

    private Mono<Void> suspect(
            WorkItem item, Map<UUID, Integer> tried, Function<List<WorkItem>, Flux<Refused>> handOver) {
        return tried.getOrDefault(item.eventId(), 0) >= maxTries
                ? giveUp(item, ENDED)
                : attempt(List.of(item), tried, handOver);
    }

    private Mono<Void> attempt(
            List<WorkItem> items, Map<UUID, Integer> tried, Function<List<WorkItem>, Flux<Refused>> handOver) {
        if (items.isEmpty()) {
            return Mono.empty();
        }
        return store.attempt(items)
                .thenMany(Flux.defer(() -> handOver.apply(items)))
                .collectList()
                .flatMap(refused -> settle(items, refused, tried))
                .onErrorResume(DeadEvents::blameless, error -> excuse(items, error));
    }

    private Mono<Void> settle(List<WorkItem> items, List<Refused> refused, Map<UUID, Integer> tried) {
        List<WorkItem> done = new ArrayList<>(items);
        refused.forEach(one -> done.remove(one.item()));
        return store.forget(done)
                .thenMany(Flux.fromIterable(refused))
                .filter(one -> tried.getOrDefault(one.item().eventId(), 0) + 1 >= maxTries)
                .concatMap(one -> giveUp(one.item(), reason(one.error())))
                .then();
    }

    private Mono<Void> excuse(List<WorkItem> items, Throwable error) {
        return store.excuse(items).onErrorComplete().then(Mono.error(error));
    }

    private Mono<Void> giveUp(WorkItem item, String reason) {
        LOG.error("Event {} is given up: {}", item.eventId(), reason);
        return store.giveUp(item.eventId(), reason).then(Mono.defer(() -> streams.acknowledge(List.of(item))));
    }

    /** What is wrong in words of our own; a foreign message stays out of it. */
    private static String reason(Throwable error) {
        String detail = error instanceof SluiceException ? error.getMessage() : null;
        return detail == null ? "Its hand-over failed: " + error.getClass().getSimpleName() + '.' : detail;
    }

    static boolean blameless(Throwable error) {
        return error instanceof SluiceException problem && problem.type().retryable();
    }
}

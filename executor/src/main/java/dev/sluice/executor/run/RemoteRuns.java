package dev.sluice.executor.run;

import dev.sluice.executor.deployment.Workflows;
import dev.sluice.executor.journal.Journals;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Brings the events of runs that are not in this node's memory to those who watch them here: one poll for all of them.
 * Watchers drop what they have seen, so events may be offered again.
 */
public final class RemoteRuns implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteRuns.class);
    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final int MAX_PER_POLL = 1_000;

    private final WatchStore store;
    private final Journals journals;
    private final Workflows workflows;
    private final RunHub hub;
    private final RunPool pool;
    private final Scheduler scheduler;
    private final Disposable.Swap ticking = Disposables.swap();

    RemoteRuns(
            WatchStore store, Journals journals, Workflows workflows, RunHub hub, RunPool pool, Scheduler scheduler) {
        this.store = store;
        this.journals = journals;
        this.workflows = workflows;
        this.hub = hub;
        this.pool = pool;
        this.scheduler = scheduler;
    }

    /** Starts to poll; goes on until disposed, whatever fails. */
    public void start() {
        ticking.update(Flux.interval(INTERVAL, scheduler)
                .onBackpressureDrop()
                .concatMap(tick -> poll().onErrorResume(RemoteRuns::failed), 1)
                .subscribe());
    }

    @Override
    public void dispose() {
        ticking.dispose();
    }

    private Mono<Void> poll() {
        List<UUID> ids = hub.watched().stream()
                .filter(id -> !pool.holds(id))
                .limit(MAX_PER_POLL)
                .toList();
        return ids.isEmpty()
                ? Mono.empty()
                : store.ended(ids).concatMap(this::announce).then();
    }

    /** The entries first, then the end, so that a watcher sees them in their order. */
    private Mono<Void> announce(WatchStore.Ended ended) {
        return workflows
                .compiled(ended.definitionId())
                .map(workflow -> new RunEvents(ended.id(), workflow))
                .flatMap(events -> journals.read(ended.id())
                        .doOnNext(entry -> events.of(entry).ifPresent(event -> hub.publish(ended.id(), () -> event)))
                        .then(Mono.fromRunnable(() -> hub.publish(ended.id(), () -> events.ended(ended.end())))));
    }

    private static Mono<Void> failed(Throwable error) {
        LOG.warn("Runs of other nodes could not be followed: {}", error.getMessage());
        return Mono.empty();
    }
}

package dev.sluice.executor.run;

import dev.sluice.executor.deployment.Workflows;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.Journals;
import dev.sluice.shared.background.Recurring;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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

    /** A poll that takes longer hangs on a connection that is gone. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Runs asked for in one statement; all that are watched are asked for in each poll. */
    private static final int PAGE = 1_000;

    private final WatchStore store;
    private final Journals journals;
    private final Workflows workflows;
    private final RunHub hub;
    private final RunPool pool;
    private final Scheduler scheduler;
    /** Last entry offered to the watchers of a run. */
    private final Map<UUID, Integer> published = new ConcurrentHashMap<>();

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
        ticking.update(Recurring.every(INTERVAL, scheduler).within(LIMIT).start(this::poll, RemoteRuns::failed));
    }

    @Override
    public void dispose() {
        ticking.dispose();
    }

    private Mono<Void> poll() {
        List<UUID> ids = hub.watched().stream().filter(id -> !pool.holds(id)).toList();
        published.keySet().retainAll(Set.copyOf(ids));
        return Flux.fromIterable(ids)
                .buffer(PAGE)
                .concatMap(store::states)
                .concatMap(run -> announce(run).doOnError(RemoteRuns::failed).onErrorComplete())
                .then();
    }

    /** The entries first, then the end, so that a watcher sees them in their order. */
    private Mono<Void> announce(WatchStore.Watched run) {
        return workflows
                .compiled(run.definitionId())
                .map(workflow -> new RunEvents(run.id(), workflow))
                .flatMap(events -> journals.read(run.id(), published.getOrDefault(run.id(), 0))
                        .doOnNext(entry -> publish(run.id(), entry, events))
                        .then(Mono.fromRunnable(() -> end(run, events))));
    }

    private void publish(UUID runId, Entry entry, RunEvents events) {
        published.put(runId, entry.seq());
        hub.publishAll(runId, () -> events.of(entry));
    }

    private void end(WatchStore.Watched run, RunEvents events) {
        RunEnd end = run.end();
        if (end != null) {
            hub.end(run.id(), end, events);
        }
    }

    private static void failed(Throwable error) {
        LOG.warn("Runs of other nodes could not be followed: {}", error.getMessage());
    }
}

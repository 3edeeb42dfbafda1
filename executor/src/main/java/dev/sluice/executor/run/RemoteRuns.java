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
    private final Map<UUID, Told> told = new ConcurrentHashMap<>();

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
        told.keySet().retainAll(Set.copyOf(ids));
        return Flux.fromIterable(ids)
                .buffer(PAGE)
                .concatMap(store::states)
                .concatMap(run -> announce(run).doOnError(RemoteRuns::failed).onErrorComplete())
                .then();
    }

    /**
     * What the watchers of a run have been told.
     *
     * @param published last entry offered to them
     * @param seen      last entry there was: of what has been there for a poll it is known whether the task failed after all
     */
    private record Told(int published, int seen) {

        static final Told NOTHING = new Told(0, 0);

        Told seen(Entry entry) {
            return new Told(published, entry.seq());
        }

        Told published(Entry entry) {
            return new Told(entry.seq(), seen);
        }
    }

    /** The entries first, then the end, so that a watcher sees them in their order. */
    private Mono<Void> announce(WatchStore.Watched run) {
        return workflows
                .compiled(run.definitionId())
                .map(workflow -> new RunEvents(run.id(), workflow))
                .flatMap(events -> entries(run, events, told.getOrDefault(run.id(), Told.NOTHING))
                        .doOnNext(now -> told.put(run.id(), now))
                        .then(Mono.fromRunnable(() -> end(run, events))));
    }

    private Mono<Told> entries(WatchStore.Watched run, RunEvents events, Told former) {
        int known = run.end() == null ? former.seen() : Integer.MAX_VALUE;
        return journals.spoiled(run.id(), former.published())
                .flatMap(spoiled -> journals.read(run.id(), former.published()).reduce(former, (now, entry) -> {
                    boolean waits = now.published() < now.seen() && entry.seq() > known;
                    return waits || (entry.seq() > known && events.mayBeSpoiled(entry))
                            ? now.seen(entry)
                            : publish(run.id(), entry, spoiled, events, now.seen(entry));
                }));
    }

    private Told publish(UUID runId, Entry entry, Set<String> spoiled, RunEvents events, Told now) {
        hub.publishAll(runId, () -> events.of(entry, spoiled));
        return now.published(entry);
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

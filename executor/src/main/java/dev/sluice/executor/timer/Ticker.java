package dev.sluice.executor.timer;

import dev.sluice.executor.definition.Recurrence;
import dev.sluice.executor.definition.Schedule;
import dev.sluice.executor.definition.Schedule.MissedTicks;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Starts the runs whose time has come. Every node looks; a tick is passed by one of them, once. The runs are rows that wait
 * for whoever has room.
 */
public final class Ticker implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final Duration INTERVAL = Duration.ofMillis(250);

    /** A look that takes longer hangs on a connection that is gone. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final int BATCH = 500;

    /** A tick that is this old was missed. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private final ScheduleStore store;
    private final Function<UUID, Mono<Workflow>> workflows;
    private final Scheduler scheduler;
    private final Disposable.Swap ticking = Disposables.swap();

    /** A clock over stored schedules; {@code workflows} gives the compiled form of a definition. */
    public Ticker(ScheduleStore store, Function<UUID, Mono<Workflow>> workflows, Scheduler scheduler) {
        this.store = store;
        this.workflows = workflows;
        this.scheduler = scheduler;
    }

    /** Starts to look; goes on until disposed, whatever fails. */
    public void start() {
        ticking.update(Recurring.every(INTERVAL, scheduler).within(LIMIT).start(this::look, Ticker::failed));
    }

    @Override
    public void dispose() {
        ticking.dispose();
    }

    /** Passes all ticks that have come, a batch at a time. */
    private Mono<Void> look() {
        return Mono.defer(this::pass)
                .repeat()
                .takeUntil(passed -> passed < BATCH)
                .then();
    }

    private Mono<Integer> pass() {
        return store.due(BATCH)
                .flatMap(due -> Flux.fromIterable(due)
                        .concatMap(this::follow)
                        .collectList()
                        .flatMap(ticks -> ticks.isEmpty()
                                ? Mono.just(0)
                                : store.pass(ticks).thenReturn(ticks.size())));
    }

    /** One whose document nobody here can read waits for a while, so that it does not hold up those behind it. */
    private Mono<ScheduleStore.Passed> follow(ScheduleStore.Due due) {
        return workflows
                .apply(due.definitionId())
                .mapNotNull(Workflow::schedule)
                .map(schedule -> passed(due, schedule))
                .switchIfEmpty(Mono.fromSupplier(() -> new ScheduleStore.Passed(due, null, null)))
                .onErrorResume(Ticker::passing, error -> Mono.empty())
                .onErrorResume(error -> {
                    LOG.warn("The schedule of {}/{} waits: {}", due.namespace(), due.name(), error.toString());
                    return Mono.just(new ScheduleStore.Passed(due, due.now().plus(GRACE), null));
                });
    }

    /** The tick stays where it is, for the next look. */
    private static boolean passing(Throwable error) {
        return error instanceof SluiceException problem && problem.type().retryable();
    }

    private static ScheduleStore.Passed passed(ScheduleStore.Due due, Schedule schedule) {
        Recurrence recurrence = schedule.recurrence();
        MissedTicks missed = schedule.missed();
        boolean late = due.tick().plus(GRACE).isBefore(due.now());
        Instant from = missed == MissedTicks.ALL ? due.tick() : due.now();
        // Of an "after" there is never more than one tick, and without its run there would be no next.
        boolean starts = !late || missed != MissedTicks.SKIP || recurrence instanceof Recurrence.After;
        return new ScheduleStore.Passed(due, recurrence.next(due.tick(), from), starts ? runId(due) : null);
    }

    private static UUID runId(ScheduleStore.Due due) {
        return Ids.derived(
                due.tick(),
                due.organization().toString(),
                due.definitionId().toString(),
                due.tick().toString());
    }

    private static void failed(Throwable error) {
        LOG.warn("Schedules could not be looked at: {}", error.getMessage());
    }
}

package dev.sluice.executor.run;

import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.executor.journal.LeftTasks;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells those who listen what happens to runs. Each event is stored with the change it tells of, and only if somebody of
 * the organization listens for its type. What such an event starts counts as {@code maxDepth / 8} steps of a chain of runs
 * that start one another: nobody has to write an {@code emit} for such a chain, and two workflows that take each other's
 * ends twice over would else be 2^64 runs. The last of a chain tells nothing. Thread-safe.
 */
final class Telling {

    private static final int MOST_IN_A_CHAIN = 8;

    private final ToldStore store;
    private final BiConsumer<OrganizationId, UUID> told;
    private final Clock clock;
    private final int maxDepth;
    private final int step;

    /**
     * Tells by the given store.
     *
     * @param told     gets the ids of events that are stored; must be quick
     * @param maxDepth so many runs may start one another
     */
    Telling(ToldStore store, BiConsumer<OrganizationId, UUID> told, Clock clock, int maxDepth) {
        this.store = store;
        this.told = told;
        this.clock = clock;
        this.maxDepth = maxDepth;
        this.step = Math.max(1, maxDepth / MOST_IN_A_CHAIN);
    }

    /** Completes when the start of a run that begins is stored, if anybody wants to know; before anything else of it is. */
    Mono<Void> started(ClaimedRun run, RunEvents events) {
        if (!run.startHeard() || !speaks(run)) {
            return Mono.empty();
        }
        return Mono.defer(() -> {
            Told event = Told.of(events.started(run.startedAt()), depth(run));
            return store.store(run, event).doOnSuccess(done -> told.accept(run.organization(), event.id()));
        });
    }

    /** What those hear who listen for the ends of runs; null when nobody shall. */
    @Nullable
    Told ended(ClaimedRun run, @Nullable RunEvents events, RunEnd end) {
        return events == null || !speaks(run) ? null : Told.of(events.endedWithoutOutput(end), depth(run));
    }

    /**
     * The payload of an entry that a run rests or goes on, with the event for those who listen.
     *
     * @param events absent when the run's document cannot be read
     * @param left   references of the tasks that rest or go on
     */
    ObjectNode payload(ClaimedRun run, @Nullable RunEvents events, EntryKind kind, List<String> left) {
        String verb = kind == EntryKind.SUSPENDED ? "suspended" : "resumed";
        ObjectNode payload = events == null || !speaks(run)
                ? Json.object()
                : events.telling(verb, clock.instant().truncatedTo(ChronoUnit.MICROS), depth(run));
        if (run.format().has(JournalFormat.STREAMS)) {
            LeftTasks.put(left, payload);
        }
        return payload;
    }

    private boolean speaks(ClaimedRun run) {
        return run.depth() + step <= maxDepth;
    }

    /** What an event starts is one deeper. */
    private int depth(ClaimedRun run) {
        return run.depth() + step - 1;
    }
}

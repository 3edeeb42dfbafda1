package dev.sluice.executor.run;

import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.journal.Emission;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells those who listen what happens to runs. Each event is stored with the change it tells of, and only if somebody of
 * the organization listens for its type. What such an event starts counts as {@code maxDepth / 8} steps of a chain of runs
 * that start one another, and half of {@code maxDepth} if it tells of tasks: nobody has to write an {@code emit} for such a
 * chain, and two workflows that take each other's ends twice over would else be 2^64 runs. The last of a chain tells nothing.
 * Thread-safe.
 */
final class Telling {

    private static final int MOST_IN_A_CHAIN = 8;
    private static final int MOST_BY_TASKS = 2;

    private final ToldStore store;
    private final Hearers hearers;
    private final BiConsumer<OrganizationId, UUID> told;
    private final Clock clock;
    private final int maxDepth;
    private final int step;
    private final int leap;

    /**
     * Tells by the given store.
     *
     * @param hearers  who listens for more than starts and ends
     * @param told     gets the ids of events that are stored; must be quick
     * @param maxDepth so many runs may start one another
     */
    Telling(ToldStore store, Hearers hearers, BiConsumer<OrganizationId, UUID> told, Clock clock, int maxDepth) {
        this.store = store;
        this.hearers = hearers;
        this.told = told;
        this.clock = clock;
        this.maxDepth = maxDepth;
        this.step = Math.max(1, maxDepth / MOST_IN_A_CHAIN);
        this.leap = Math.max(1, maxDepth / MOST_BY_TASKS);
    }

    /** Those who listen for what happens in a run besides. */
    RunAudience audience(ClaimedRun run, Workflow workflow) {
        boolean speaks = run.depth() + leap <= maxDepth && !workflow.watchesTasks();
        return new RunAudience(run, new RunEvents(run.id(), workflow), hearers, run.depth() + leap - 1, speaks);
    }

    /** An event as it is stored for those who listen. */
    static Emission emission(RunEvent event, int depth) {
        JsonNode envelope = event.envelope();
        return new Emission(UUID.fromString(envelope.path("id").asString()), depth, envelope);
    }

    /** Completes when the start of a run that begins is stored, if anybody wants to know; before anything else of it is. */
    Mono<Void> started(ClaimedRun run, RunEvents events) {
        if (!run.listeners().start() || !speaks(run)) {
            return Mono.empty();
        }
        return Mono.defer(() -> {
            Emission event = emission(events.started(run.startedAt()), depth(run));
            return store.store(run, event).doOnSuccess(done -> told.accept(run.organization(), event.id()));
        });
    }

    /** What those hear who listen for the ends of runs; null when nobody shall. */
    @Nullable
    Emission ended(ClaimedRun run, @Nullable RunEvents events, RunEnd end) {
        return events == null || !speaks(run) ? null : emission(events.endedWithoutOutput(end), depth(run));
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

package dev.sluice.executor.engine;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.RunJournal;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/** The journal as effects see it: by task and position, and back on the engine's threads after each commit. */
final class EffectLog {

    private final RunJournal journal;
    private final Scheduler scheduler;

    EffectLog(RunJournal journal, Scheduler scheduler) {
        this.journal = journal;
        this.scheduler = scheduler;
    }

    /** Where the run goes on after whatever it waited for. */
    Scheduler scheduler() {
        return scheduler;
    }

    Optional<Entry> find(Position at, TaskBase base) {
        return journal.find(at.path(), base.type(), base.placeHash());
    }

    Mono<Entry> append(EntryKind kind, Position at, TaskBase base, JsonNode payload) {
        return journal.append(kind, at.path(), base.type(), base.placeHash(), payload)
                .publishOn(scheduler);
    }

    Mono<Entry> append(Outcome outcome, Position at, TaskBase base) {
        return append(outcome.kind(), at, base, outcome.payload());
    }

    /** The entry that is there, or a new one. */
    Mono<Entry> once(EntryKind kind, Position at, TaskBase base, Supplier<JsonNode> payload) {
        return find(at, base).map(Mono::just).orElseGet(() -> append(kind, at, base, payload.get()));
    }
}

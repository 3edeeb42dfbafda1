package dev.sluice.executor.engine;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.executor.journal.Spoiled;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/**
 * The journal as effects see it: by task and position, and back on the engine's threads after each commit. No effect begins
 * while the run halts.
 */
final class EffectLog {

    private final RunJournal journal;
    private final Parking parking;
    private final Scheduler scheduler;
    private final @Nullable Integer last;
    private final Scrubber scrubber;

    /**
     * The journal of one run.
     *
     * @param last the place of a task whose outcome nothing but the run's end follows, if there is one
     */
    EffectLog(RunJournal journal, @Nullable Integer last, Parking parking, Scheduler scheduler, Scrubber scrubber) {
        this.journal = journal;
        this.last = last;
        this.parking = parking;
        this.scheduler = scheduler;
        this.scrubber = scrubber;
    }

    /** Where the run goes on after whatever it waited for. */
    Scheduler scheduler() {
        return scheduler;
    }

    /** From when a timeout counts of what began at a logical time: a run that was reopened has all its time again. */
    Instant since(Instant began) {
        return journal.reopenings().since(began);
    }

    /** How often the run went on after it had ended. */
    int reopenings() {
        return journal.reopenings().count();
    }

    /** Whether what came with a format may be written. */
    boolean takes(JournalFormat since) {
        return journal.takes(since);
    }

    /** Whether somebody has asked for an effect again, whatever is known of it. */
    boolean reopened(Position at) {
        return journal.reopenings().retried().contains(at.path());
    }

    /** What the key of a call is made from. */
    Position key(Position at, Unresolved unresolved) {
        String renewed = journal.reopenings().keys().get(at.path());
        return renewed == null ? unresolved.key(at) : new Position(renewed);
    }

    /** Whether it is time to {@link #flush} what is to be told of tasks. */
    boolean tellsMuch() {
        return journal.tellsMuch();
    }

    /** Commits what waits for an entry. */
    Mono<Void> flush() {
        return journal.flush().publishOn(scheduler);
    }

    /** Begins an effect, now or when a run that halts goes on. */
    <T> Mono<T> begin(Supplier<Mono<T>> effect) {
        return parking.pass(effect);
    }

    /** Begins an effect that may take long: what is to be told of what came before it is stored first. */
    <T> Mono<T> beginLong(Supplier<Mono<T>> effect) {
        return begin(() -> journal.tells() ? flush().then(Mono.defer(effect)) : effect.get());
    }

    /** Has those who read of it later told that a task failed after what it did was recorded, with whatever is written next. */
    Mono<Void> spoiled(Position at, TaskBase base, Spoiled spoiled) {
        String place = Spoiled.place(at.path());
        return journal.at(place).isPresent()
                ? Mono.empty()
                : journal.appendLast(EntryKind.CHECKPOINT, place, base.type(), base.placeHash(), spoiled.payload())
                        .publishOn(scheduler)
                        .then();
    }

    Optional<Entry> find(Position at, TaskBase base) {
        return journal.find(at.path(), base.type(), base.placeHash());
    }

    /** What may be stored. */
    Scrubber scrubber() {
        return scrubber;
    }

    Mono<Entry> append(EntryKind kind, Position at, TaskBase base, JsonNode payload) {
        boolean outcome = kind == EntryKind.COMPLETED || kind == EntryKind.FAILED;
        Mono<Entry> entry = outcome && last != null && last == base.placeHash()
                ? journal.appendLast(kind, at.path(), base.type(), base.placeHash(), payload)
                : journal.append(kind, at.path(), base.type(), base.placeHash(), payload);
        return entry.publishOn(scheduler);
    }

    /** An entry of an outcome, without what is secret in it: what was recorded is what the run goes on with. */
    Mono<Entry> append(Outcome outcome, Position at, TaskBase base) {
        Outcome recorded = outcome.without(scrubber);
        return append(recorded.kind(), at, base, recorded.payload());
    }

    /** The entry that is there, or a new one of what a payload emits, which nobody asks for otherwise. */
    Mono<Entry> once(EntryKind kind, Position at, TaskBase base, Mono<JsonNode> payload) {
        return find(at, base)
                .map(Mono::just)
                .orElseGet(() -> begin(() -> payload.flatMap(value -> append(kind, at, base, value))));
    }
}

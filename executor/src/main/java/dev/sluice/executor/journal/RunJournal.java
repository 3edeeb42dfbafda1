package dev.sluice.executor.journal;

import dev.sluice.shared.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

/**
 * The journal of one run while a node owns it: what was read back, and what is appended. Entries inside a checkpoint are
 * left out when it is read. Checkpoints are written together with the next entry, so that they cost no commit of their
 * own; one that is lost in a crash costs replay, never correctness.
 *
 * <p>Thread-safe: the branches of a run share it.
 */
public final class RunJournal {

    /** So many checkpoints wait for an entry at most; then they are written on their own. */
    static final int MAX_HELD_CHECKPOINTS = 32;

    /** So many events wait for an entry; then they are written on their own. */
    static final int MAX_HELD_EVENTS = 256;

    /** Events are kept for longer, so that what is stored again before is there once. */
    private static final Duration LONG_AGO = Duration.ofDays(1);

    /** What the path of an entry about the run as a whole begins with; its number follows. */
    private static final String OF_RUN = "!";

    /** Of a checkpoint that only tells. Like a task's behind all others, so that a run which goes on from a task passes over it. */
    private static final String TOLD = Integer.MAX_VALUE + "/told";

    private final Replay replay;
    private final Reopenings reopenings;
    private final JournalSink sink;
    private final Clock clock;
    private final JournalFormat format;
    private final boolean closable;
    /** When the newest entry was written that was read back. */
    private final Instant newest;

    private final List<Noted> held = new ArrayList<>();
    private List<Emission> untold = new ArrayList<>();
    private volatile boolean tellsMuch;
    private Audience audience = Audience.NOBODY;
    private boolean writing;
    private Sinks.@Nullable Empty<Void> following;
    private int lastSeq;

    /** The first entry that waits for the end, unless zero. */
    private int closingFrom;

    /**
     * Takes up a journal; {@code entries} are the run's in their order, superseded ones may be missing. All are written
     * before the run ends.
     */
    public RunJournal(List<Entry> entries, JournalSink sink, Clock clock) {
        this(entries, 0, sink, clock, JournalFormat.CURRENT, false);
    }

    /**
     * Takes up a journal whose next entry comes after a number, even if the last that is there has a lower one.
     *
     * @param format   what may be written into it
     * @param closable whether who ends the run writes what {@link #closing} says
     */
    RunJournal(List<Entry> entries, int after, JournalSink sink, Clock clock, JournalFormat format, boolean closable) {
        this.format = format;
        this.closable = closable;
        this.replay = Replay.of(entries);
        this.reopenings = Reopenings.of(entries);
        this.sink = sink;
        this.clock = clock;
        this.newest = entries.stream().map(Entry::at).max(Instant::compareTo).orElse(Instant.EPOCH);
        this.lastSeq = entries.stream().mapToInt(Entry::seq).reduce(after, Math::max);
    }

    /** What becomes of the run's former ends, and whether it was suspended last. */
    public Reopenings reopenings() {
        return reopenings;
    }

    /** Whether what came with a format may be written into it: all nodes that may go on with the run understand it. */
    public boolean takes(JournalFormat since) {
        return format.has(since);
    }

    /** From now on entries are written with what some who listen are told of them. */
    public void attend(Audience listeners) {
        synchronized (held) {
            audience = listeners;
        }
    }

    /**
     * Has events stored with the entry that comes next, or with the run's end. They are of what no entry says, so that
     * whoever takes the run up again before that tells them anew: their ids should be the same then.
     */
    public void tell(List<Emission> events) {
        synchronized (held) {
            untold.addAll(events);
            tellsMuch = untold.size() >= MAX_HELD_EVENTS;
        }
    }

    /**
     * Whether what no entry says was told long before the run was taken up: an entry took it along. Whoever comes by it again
     * does not tell it anew, since by now it may have been heard and deleted.
     */
    public boolean toldLongAgo(Instant at) {
        return at.isBefore(newest) && at.isBefore(clock.instant().minus(LONG_AGO));
    }

    /** Whether events wait for an entry to be stored with. */
    public boolean tells() {
        synchronized (held) {
            return !untold.isEmpty();
        }
    }

    /** Whether so many events wait to be stored that it is time to {@link #flush}. */
    public boolean tellsMuch() {
        return tellsMuch;
    }

    /** The entry of a path, whichever task wrote it. */
    public Optional<Entry> at(String path) {
        return Optional.ofNullable(replay.byPath().get(path));
    }

    /**
     * The entry of a path, if the run has been there.
     *
     * @throws JournalMismatchException when another task wrote it
     */
    public Optional<Entry> find(String path, String taskType, int placeHash) {
        Entry entry = replay.byPath().get(path);
        if (entry != null
                && (entry.placeHash() != placeHash || !entry.taskType().equals(taskType))) {
            throw new JournalMismatchException("Entry " + entry.seq() + " at '" + path + "' was written by a '"
                    + entry.taskType() + "' task of another document");
        }
        return Optional.ofNullable(entry);
    }

    /** The last iteration of a loop that has a checkpoint. */
    public OptionalInt lastIteration(String loop) {
        Integer index = replay.iterations().get(loop);
        return index == null ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /** The last jump back of a list that has a checkpoint. */
    public OptionalInt lastTurn(String list) {
        Integer turn = replay.turns().get(list);
        return turn == null ? OptionalInt.empty() : OptionalInt.of(turn);
    }

    /** Appends one entry, with the checkpoints held so far before it; emits it once committed. */
    public Mono<Entry> append(EntryKind kind, String path, String taskType, int placeHash, JsonNode payload) {
        return append(false, kind, path, taskType, placeHash, payload);
    }

    /**
     * Appends an entry after which nothing of the run touches the world: it may wait to be committed with the run's end, or
     * with whatever is written before. Emits it at once then. While branches that lost still write, it is written after
     * them: the write that takes it along could come too late for a run that ends meanwhile.
     */
    public Mono<Entry> appendLast(EntryKind kind, String path, String taskType, int placeHash, JsonNode payload) {
        return append(closable, kind, path, taskType, placeHash, payload);
    }

    private Mono<Entry> append(
            boolean mayWait, EntryKind kind, String path, String taskType, int placeHash, JsonNode payload) {
        return Mono.defer(() -> {
            Entry entry;
            Mono<Void> written;
            synchronized (held) {
                entry = hold(kind, path, taskType, placeHash, payload);
                boolean waits = mayWait && !writing;
                closingFrom = waits && closingFrom == 0 ? entry.seq() : closingFrom;
                written = waits ? Mono.empty() : write();
            }
            return written.thenReturn(entry);
        });
    }

    /** Whether an entry waits for the run's end: nobody may be told of it before. */
    public boolean holds(int seq) {
        synchronized (held) {
            return closingFrom > 0 && seq >= closingFrom;
        }
    }

    /** What has to be committed with the run's end; the same however often it is asked for. */
    public Closing closing() {
        synchronized (held) {
            if (held.isEmpty() && untold.isEmpty()) {
                return Closing.NONE;
            }
            List<Emission> told = new ArrayList<>();
            held.forEach(noted -> told.addAll(noted.told()));
            told.addAll(untold);
            boolean waiting = closingFrom > 0;
            return waiting || !told.isEmpty()
                    ? Closing.of(waiting ? held.stream().map(Noted::entry).toList() : List.of(), told)
                    : Closing.NONE;
        }
    }

    /** Appends an entry about the run as a whole, which is there when the journal is taken up the next time. */
    public Mono<Entry> append(EntryKind kind, JsonNode payload) {
        return Mono.defer(() -> {
            Entry entry;
            Mono<Void> written;
            synchronized (held) {
                entry = hold(kind, OF_RUN + (lastSeq + 1), "", 0, payload);
                written = write();
            }
            return written.thenReturn(entry);
        });
    }

    /** Notes a checkpoint; completes at once unless too many are held, in which case they are committed first. */
    public Mono<Void> checkpoint(String path, String taskType, int placeHash, JsonNode payload) {
        return Mono.defer(() -> {
            synchronized (held) {
                var _ = hold(EntryKind.CHECKPOINT, path, taskType, placeHash, payload);
                return held.size() < MAX_HELD_CHECKPOINTS ? Mono.empty() : write();
            }
        });
    }

    /**
     * Commits the checkpoints still held, and events that nothing else takes along: a checkpoint that replaces nothing but the
     * last of its kind does. Used before the run leaves memory.
     */
    public Mono<Void> flush() {
        return Mono.defer(() -> {
            synchronized (held) {
                takeAlong();
                return held.isEmpty() ? Mono.empty() : write();
            }
        });
    }

    private void takeAlong() {
        if (untold.isEmpty()) {
            return;
        }
        if (held.isEmpty()) {
            var _ = hold(EntryKind.CHECKPOINT, TOLD, "", 0, Json.object());
        } else {
            Noted last = held.removeLast();
            List<Emission> before = new ArrayList<>(last.before());
            before.addAll(takeUntold());
            held.add(new Noted(last.entry(), before, last.own()));
        }
    }

    /** What is to be told, which nobody else has to tell any more. */
    private List<Emission> takeUntold() {
        if (untold.isEmpty()) {
            return List.of();
        }
        List<Emission> all = untold;
        untold = new ArrayList<>();
        tellsMuch = false;
        return all;
    }

    /**
     * Has told with the next entry what a write took along that did not come to its end, of whatever branch it is. Where the
     * write was committed all the same, it is stored already.
     */
    private void tellAgain(List<Noted> batch) {
        synchronized (held) {
            List<Emission> later = takeUntold();
            batch.forEach(noted -> untold.addAll(noted.before()));
            tell(later);
        }
    }

    /**
     * Writes what is held, or has the write after the one under way take it along: entries of one run reach the database
     * in their order, whichever branch they are of. Only the first of them can be cancelled by who asked for it.
     */
    private Mono<Void> write() {
        if (following != null) {
            return following.asMono();
        }
        if (writing) {
            following = Sinks.empty();
            return following.asMono();
        }
        writing = true;
        return write(take());
    }

    /** Lets the next write begin when this one has ended, before anybody hears of it. */
    private Mono<Void> write(List<Noted> batch) {
        return Mono.using(() -> batch, sink::append, done -> next())
                .doOnCancel(() -> tellAgain(batch))
                .doOnError(error -> tellAgain(batch));
    }

    private void next() {
        Sinks.Empty<Void> asked;
        List<Noted> batch;
        synchronized (held) {
            asked = following;
            following = null;
            writing = asked != null;
            batch = asked == null ? List.of() : take();
        }
        if (asked != null) {
            write(batch).subscribe(new Telling(asked));
        }
    }

    private List<Noted> take() {
        List<Noted> batch = List.copyOf(held);
        held.clear();
        closingFrom = 0;
        return batch;
    }

    /** The sequence number of the newest entry, zero when there is none. */
    public int lastSeq() {
        synchronized (held) {
            return lastSeq;
        }
    }

    private Entry hold(EntryKind kind, String path, String taskType, int placeHash, JsonNode payload) {
        // PostgreSQL keeps microseconds; replay must see the same instant.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Entry entry = new Entry(++lastSeq, kind, path, taskType, placeHash, now, payload);
        held.add(new Noted(entry, takeUntold(), audience.of(entry)));
        return entry;
    }

    /** Passes the end of a write on to all who asked for it, and goes on when they leave. */
    private static final class Telling extends BaseSubscriber<Void> {

        private final Sinks.Empty<Void> asked;

        Telling(Sinks.Empty<Void> asked) {
            this.asked = asked;
        }

        @Override
        protected void hookOnComplete() {
            asked.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        }

        @Override
        protected void hookOnError(Throwable error) {
            asked.emitError(error, Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }
}

package dev.sluice.executor.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes the journal of one run, within its bounds, and deletes what its checkpoints have replaced, {@value #FORGET} entries
 * at a time: so however long a run goes on, what is read to take it up again stays small. One write at a time.
 */
final class JournalWriter implements JournalSink {

    /** Runs with fewer replaced entries keep them all: they are what those who come late to its events are told. */
    static final int FORGET = 1_000;

    private final Function<List<Noted>, List<JournalRow>> rows;
    private final Function<JournalRow, Mono<Void>> append;
    private final Function<List<Integer>, Mono<Void>> delete;
    private final JournalBounds bounds;
    private final Extent extent = new Extent();
    private final List<Integer> superseded = new ArrayList<>();
    /** What is older is kept: whoever reopens the run again may need it. */
    private final int reopened;

    /**
     * Goes on with a journal.
     *
     * @param stored what is there
     * @param rows   gathers entries into statements
     * @param append commits one of these
     * @param delete deletes entries by their numbers, and never fails
     */
    JournalWriter(
            List<Heading> stored,
            Function<List<Noted>, List<JournalRow>> rows,
            Function<JournalRow, Mono<Void>> append,
            Function<List<Integer>, Mono<Void>> delete,
            JournalBounds bounds) {
        this.rows = rows;
        this.append = append;
        this.delete = delete;
        this.bounds = bounds;
        this.reopened = stored.stream()
                .filter(heading -> heading.kind() == EntryKind.REOPENED)
                .mapToInt(Heading::seq)
                .max()
                .orElse(0);
        // A reopening lets checkpoints before it count no more, and what they had replaced counts again.
        Replay.open(stored, Set.of())
                .forEach(heading -> extent.add(heading).stream()
                        .filter(seq -> seq > reopened)
                        .forEach(superseded::add));
    }

    @Override
    public Mono<Void> append(List<Noted> entries) {
        return Mono.defer(() -> {
            List<JournalRow> wanted = rows.apply(entries);
            List<Integer> replaced = new ArrayList<>();
            for (JournalRow row : wanted) {
                row.lines().forEach(line -> replaced.addAll(extent.add(Heading.of(line))));
            }
            return bounds.exceededBy(extent)
                    ? Mono.error(new JournalFullException(extent, bounds))
                    : Flux.fromIterable(wanted).concatMap(append).then(Mono.defer(() -> forget(replaced)));
        });
    }

    /** Only after the commit of the checkpoints that replace them. */
    private Mono<Void> forget(List<Integer> replaced) {
        replaced.stream().filter(seq -> seq > reopened).forEach(superseded::add);
        if (superseded.size() < FORGET) {
            return Mono.empty();
        }
        List<Integer> gone = List.copyOf(superseded);
        superseded.clear();
        return delete.apply(gone);
    }
}

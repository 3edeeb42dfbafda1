package dev.sluice.executor.journal;

import dev.sluice.shared.postgres.GroupCommit;
import dev.sluice.shared.postgres.GroupCommitSettings;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The journals of all runs of this node. Entries of many runs are committed together; those of one run keep their order.
 * Thread-safe.
 */
public final class Journals implements AutoCloseable {

    /** What the branches of a run append together may be more than one statement should have. */
    private static final long MAX_ROW_BYTES = 8L * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Journals.class);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
    private static final Duration LAST_BACKOFF = Duration.ofSeconds(2);

    private final JournalStore store;
    private final GroupCommit<JournalRow, Boolean> commits;
    private final BiConsumer<OrganizationId, UUID> emitted;
    private final Clock clock;
    private final JournalBounds bounds;
    private final Latency latency = new Latency();

    /** Writes through the engine's pool, journals of the usual size, and tells nobody of events. */
    public Journals(ConnectionPool engine, GroupCommitSettings settings, MeterRegistry meters, Clock clock) {
        this(engine, settings, meters, (organization, event) -> {}, clock, JournalBounds.DEFAULT);
    }

    /**
     * Writes through the engine's pool.
     *
     * @param emitted told of each event that is stored, once it is; must be quick
     */
    public Journals(
            ConnectionPool engine,
            GroupCommitSettings settings,
            MeterRegistry meters,
            BiConsumer<OrganizationId, UUID> emitted,
            Clock clock,
            JournalBounds bounds) {
        this.store = new JournalStore(engine);
        this.commits = new GroupCommit<>(settings, store, row -> row.runId().hashCode(), meters, "journal");
        this.emitted = emitted;
        this.clock = clock;
        this.bounds = bounds;
    }

    /**
     * Takes up the journal of a run.
     *
     * @param format what this node may write into it
     * @param fresh whether it is known to be empty
     * @param after no entry gets this number or a lower one: that of the run's former end, zero when it has had none
     * @param owner still true while this node may write; when it turns false, an append that waits for the database gives up
     */
    public Mono<RunJournal> open(
            UUID runId,
            OrganizationId organization,
            UUID node,
            int epoch,
            JournalFormat format,
            boolean fresh,
            int after,
            BooleanSupplier owner) {
        Function<List<Noted>, List<JournalRow>> rows = entries -> {
            entries.forEach(noted -> requireIn(format, noted.entry()));
            return JournalRow.of(runId, organization, node, epoch, entries, MAX_ROW_BYTES);
        };
        Flux<Heading> stored = fresh ? Flux.empty() : store.headings(runId);
        return stored.collectList()
                .flatMap(headings -> surviving(runId, headings, Set.of())
                        .map(known -> new RunJournal(
                                known, after, writer(runId, headings, rows, owner), clock, format, true)))
                .onErrorMap(PostgresErrors::translate);
    }

    /** What wrote it should have asked whether all nodes understand it. */
    private static void requireIn(JournalFormat format, Entry entry) {
        if (!format.has(entry.kind().since())) {
            throw new IllegalStateException("entry " + entry.kind() + " in a journal of format " + format.number()
                    + " (expected: >= " + entry.kind().since().number() + ")");
        }
    }

    /** The entries of a run that count, as if tasks of some places had not ended yet: what is inside them counts again. */
    public Flux<Entry> unfolded(UUID runId, Set<Integer> places) {
        return store.headings(runId)
                .collectList()
                .flatMap(headings -> surviving(runId, headings, places))
                .flatMapIterable(entries -> entries)
                .onErrorMap(PostgresErrors::translate);
    }

    private JournalWriter writer(
            UUID runId, List<Heading> stored, Function<List<Noted>, List<JournalRow>> rows, BooleanSupplier owner) {
        return new JournalWriter(stored, rows, row -> append(row, owner), seqs -> forget(runId, seqs), bounds);
    }

    /** The entries that reopenings and checkpoints have not superseded; the payloads of others are not even read. */
    private Mono<List<Entry>> surviving(UUID runId, List<Heading> headings, Set<Integer> unfolded) {
        return headings.isEmpty()
                ? Mono.just(List.of())
                : store.some(runId, Replay.surviving(headings, unfolded).values())
                        .collectList();
    }

    /** What is not deleted now is deleted when the run is taken up again, or goes with its month. */
    private Mono<Void> forget(UUID runId, List<Integer> seqs) {
        return store.forget(runId, seqs).onErrorResume(error -> {
            LOG.warn("Replaced entries of run {} were not deleted: {}", runId, error.toString());
            return Mono.empty();
        });
    }

    /** The entries of a run after a sequence number, as they are stored; what has more than 64 KB and is no failure reads as null. */
    public Flux<Entry> read(UUID runId, int after) {
        return store.load(runId, after).onErrorMap(PostgresErrors::translate);
    }

    /** The paths of tasks that a {@link Spoiled} after a sequence number is about. */
    public Mono<Set<String>> spoiled(UUID runId, int after) {
        return store.spoiled(runId, after).collect(Collectors.toSet()).onErrorMap(PostgresErrors::translate);
    }

    /** How long an entry waits for its commit, its time in the queue included. */
    public Latency latency() {
        return latency;
    }

    /** Entries that wait for their commit. */
    public Bound bound() {
        return commits.bound();
    }

    /** Stops taking entries and commits those that wait. */
    @Override
    public void close() {
        commits.close();
    }

    private Mono<Void> append(JournalRow row, BooleanSupplier owner) {
        return Mono.defer(() -> timed(row))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_BACKOFF)
                        .maxBackoff(LAST_BACKOFF)
                        .filter(error -> retryable(error) && owner.getAsBoolean()))
                .flatMap(accepted -> accepted ? Mono.empty() : Mono.<Void>error(fenced(row)))
                .doOnSuccess(done -> tell(row));
    }

    private void tell(JournalRow row) {
        for (JournalRow.Line line : row.lines()) {
            line.stored().forEach(event -> emitted.accept(row.organization(), event.id()));
        }
    }

    private Mono<Boolean> timed(JournalRow row) {
        long start = System.nanoTime();
        return commits.submit(row).doOnTerminate(() -> latency.record(System.nanoTime() - start));
    }

    private static boolean retryable(Throwable error) {
        return error instanceof SluiceException problem && problem.type().retryable();
    }

    private static FencedException fenced(JournalRow row) {
        return new FencedException(
                "run " + row.runId() + " is not owned by node " + row.node() + " in epoch " + row.epoch());
    }
}

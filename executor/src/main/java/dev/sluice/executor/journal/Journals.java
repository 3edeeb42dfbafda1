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
import java.util.UUID;
import java.util.function.BooleanSupplier;
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

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
    private static final Duration LAST_BACKOFF = Duration.ofSeconds(2);

    private final JournalStore store;
    private final GroupCommit<JournalRow, Boolean> commits;
    private final Clock clock;
    private final Latency latency = new Latency();

    /** Writes through the engine's pool. */
    public Journals(ConnectionPool engine, GroupCommitSettings settings, MeterRegistry meters, Clock clock) {
        this.store = new JournalStore(engine);
        this.commits = new GroupCommit<>(settings, store, row -> row.runId().hashCode(), meters, "journal");
        this.clock = clock;
    }

    /**
     * Takes up the journal of a run.
     *
     * @param fresh whether it is known to be empty
     * @param owner still true while this node may write; when it turns false, an append that waits for the database gives up
     */
    public Mono<RunJournal> open(
            UUID runId, OrganizationId organization, UUID node, int epoch, boolean fresh, BooleanSupplier owner) {
        JournalSink sink = entries -> Flux.defer(() ->
                        Flux.fromIterable(JournalRow.of(runId, organization, node, epoch, entries, MAX_ROW_BYTES)))
                .concatMap(row -> append(row, owner))
                .then();
        Flux<Entry> entries = fresh ? Flux.empty() : store.surviving(runId).onErrorMap(PostgresErrors::translate);
        return entries.collectList().map(known -> new RunJournal(known, sink, clock));
    }

    /** The entries of a run after a sequence number, as they are stored. */
    public Flux<Entry> read(UUID runId, int after) {
        return store.load(runId, after).onErrorMap(PostgresErrors::translate);
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
                .flatMap(accepted -> accepted ? Mono.empty() : Mono.error(fenced(row)));
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

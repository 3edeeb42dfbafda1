package dev.sluice.executor.run;

import dev.sluice.executor.journal.Closing;
import dev.sluice.executor.journal.Emission;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.postgres.GroupCommit;
import dev.sluice.shared.postgres.GroupCommitSettings;
import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Makes the ends of runs durable, many at once. Thread-safe. */
final class RunEndings implements AutoCloseable {

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
    private static final Duration LAST_BACKOFF = Duration.ofSeconds(2);

    private final GroupCommit<EndingStore.Ending, EndingStore.Ended> commits;
    private final Runnable awaited;
    private final BiConsumer<OrganizationId, UUID> told;

    /**
     * Ends of runs.
     *
     * @param awaited is told after one that another run may wait for
     * @param told    gets the ids of events about ends that others listen for; must be quick
     */
    RunEndings(
            ConnectionPool engine,
            GroupCommitSettings settings,
            Runnable awaited,
            BiConsumer<OrganizationId, UUID> told,
            MeterRegistry meters) {
        this.awaited = awaited;
        this.told = told;
        this.commits = new GroupCommit<>(
                settings, new EndingStore(engine), ending -> ending.run().id().hashCode(), meters, "run-end");
    }

    /**
     * Completes once the end is committed, and with it the last entries of the journal. While the database is away it is tried again as long as {@code owner} says so;
     * ends with {@link FencedException} when the run is not this node's any more.
     *
     * @param event for those who listen for such an end, and committed with it; absent when nobody shall be told
     */
    Mono<Void> end(ClaimedRun run, RunEnd end, @Nullable Emission event, Closing closing, BooleanSupplier owner) {
        return Mono.defer(() -> commits.submit(EndingStore.Ending.of(run, end, event, closing)))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_BACKOFF)
                        .maxBackoff(LAST_BACKOFF)
                        .filter(error -> retryable(error) && owner.getAsBoolean()))
                .flatMap(ended -> ended == EndingStore.Ended.NOT_OWNED ? Mono.error(fenced(run)) : Mono.just(ended))
                .doOnNext(ended -> tell(run, event, closing, ended))
                .then();
    }

    private void tell(ClaimedRun run, @Nullable Emission event, Closing closing, EndingStore.Ended ended) {
        closing.told().forEach(other -> told.accept(run.organization(), other.id()));
        if (event != null && ended == EndingStore.Ended.TOLD) {
            told.accept(run.organization(), event.id());
        }
        if (run.depth() > 0) {
            awaited.run();
        }
    }

    /** Ends that wait for their commit. */
    Bound bound() {
        return commits.bound();
    }

    @Override
    public void close() {
        commits.close();
    }

    private static boolean retryable(Throwable error) {
        return error instanceof SluiceException problem && problem.type().retryable();
    }

    private static FencedException fenced(ClaimedRun run) {
        return new FencedException("the end of run " + run.id() + " in epoch " + run.epoch() + " came too late");
    }
}

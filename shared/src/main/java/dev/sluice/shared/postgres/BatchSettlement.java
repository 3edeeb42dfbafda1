package dev.sluice.shared.postgres;

import dev.sluice.shared.postgres.GroupCommit.Flush;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Writes one batch and answers every caller in it, whatever happens: rows the server refuses are found by halving the
 * batch, and after a connection broke the outcome is read back first.
 */
final class BatchSettlement<T, R> {

    private static final Logger LOG = LoggerFactory.getLogger(BatchSettlement.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final String name;
    private final GroupCommitSettings settings;
    private final Flush<T, R> flush;
    private final GroupCommitMeters meters;
    private final Scheduler scheduler;
    /** Of its own: the operator would put its description together for each batch. */
    private final Mono<List<R>> late;

    BatchSettlement(
            String name,
            GroupCommitSettings settings,
            Flush<T, R> flush,
            GroupCommitMeters meters,
            Scheduler scheduler) {
        this.name = name;
        this.settings = settings;
        this.flush = flush;
        this.meters = meters;
        this.scheduler = scheduler;
        this.late = Mono.error(() -> new TimeoutException("A write took longer than " + settings.writeTimeout() + "."));
    }

    /** Completes when every caller has its answer. */
    Mono<Void> settle(List<Pending<T, R>> batch) {
        return meters.timed(batch.size(), write(batch))
                .doOnNext(results -> succeed(batch, results))
                .then()
                .onErrorResume(error -> recover(batch, error));
    }

    private Mono<List<R>> write(List<Pending<T, R>> batch) {
        List<T> items = items(batch);
        return Mono.defer(() -> flush.write(items))
                .timeout(settings.writeTimeout(), late, scheduler)
                .defaultIfEmpty(List.of())
                .handle((results, sink) -> checkSize(items, results, sink));
    }

    private Mono<Void> recover(List<Pending<T, R>> batch, Throwable error) {
        return switch (PostgresErrors.kind(error)) {
            case DATA -> batch.size() == 1 ? fail(batch, PostgresErrors.translate(error)) : bisect(batch);
            case REFUSED, DEFECT -> fail(batch, PostgresErrors.translate(error));
            case UNKNOWN -> readBack(batch, error);
        };
    }

    private Mono<Void> bisect(List<Pending<T, R>> batch) {
        int middle = batch.size() / 2;
        return settle(batch.subList(0, middle)).then(Mono.defer(() -> settle(batch.subList(middle, batch.size()))));
    }

    private Mono<Void> readBack(List<Pending<T, R>> batch, Throwable error) {
        LOG.warn("Group commit {}: a write of {} broke off and is read back: {}", name, batch.size(), error.toString());
        meters.readBack();
        return outcomes(items(batch))
                .doOnNext(outcomes -> answer(batch, outcomes, error))
                .then()
                .onErrorResume(failure -> giveUp(batch, failure));
    }

    private Mono<List<Optional<R>>> outcomes(List<T> items) {
        return Mono.defer(() -> flush.readBack(items))
                .timeout(settings.readBackTimeout().dividedBy(2), scheduler)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .scheduler(scheduler))
                .timeout(settings.readBackTimeout(), scheduler)
                .defaultIfEmpty(List.of())
                .handle((outcomes, sink) -> checkSize(items, outcomes, sink));
    }

    private void answer(List<Pending<T, R>> batch, List<Optional<R>> outcomes, Throwable error) {
        SluiceException lost = SluiceException.unavailable(
                "The connection to the database broke before this was stored; send it again.", RETRY_AFTER, error);
        for (int i = 0; i < batch.size(); i++) {
            Pending<T, R> pending = batch.get(i);
            outcomes.get(i).ifPresentOrElse(pending::succeed, () -> pending.fail(lost));
        }
    }

    private Mono<Void> giveUp(List<Pending<T, R>> batch, Throwable failure) {
        LOG.error("Group commit {}: the outcome of a write of {} is not known", name, batch.size(), failure);
        return fail(
                batch,
                SluiceException.unavailable(
                        "The database went away and it is not known whether this was stored; send it again with the same idempotency key.",
                        RETRY_AFTER,
                        failure));
    }

    private static <T, R> void succeed(List<Pending<T, R>> batch, List<R> results) {
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).succeed(results.get(i));
        }
    }

    private static <T, R> Mono<Void> fail(List<Pending<T, R>> batch, Throwable error) {
        return Mono.fromRunnable(() -> batch.forEach(pending -> pending.fail(error)));
    }

    private static <T, E> void checkSize(List<T> items, List<E> results, SynchronousSink<List<E>> sink) {
        if (results.size() == items.size()) {
            sink.next(results);
        } else {
            sink.error(new SluiceException(
                    ProblemType.INTERNAL_ERROR,
                    "%d rows were answered with %d results.".formatted(items.size(), results.size())));
        }
    }

    private static <T, R> List<T> items(List<Pending<T, R>> batch) {
        return batch.stream().map(Pending::item).toList();
    }
}

package dev.sluice.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

@Timeout(60)
final class GroupCommitTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ScriptedFlush flush = new ScriptedFlush();

    @AfterEach
    void disposeTime() {
        time.dispose();
    }

    @Test
    void writesAtOnceWhenIdleAndBatchesWhatArrivesMeanwhile() {
        Sinks.Empty<Void> gate = gateFirstWrite();
        GroupCommit<Integer, String> commit = create(settings(1, 100, 10));
        var callers = submitAll(commit, 1, 2, 3, 4);
        assertThat(flush.writes).containsExactly(List.of(1));
        assertThat(gate.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
        assertThat(flush.writes).containsExactly(List.of(1), List.of(2, 3, 4));
        assertThat(callers).allSatisfy(caller -> assertThat(caller).isCompleted());
        assertThat(callers.get(2)).isCompletedWithValue("row 3");
    }

    @Test
    void completesNobodyBeforeTheCommit() {
        Sinks.Empty<Void> gate = gateFirstWrite();
        var caller = start(create(settings(1, 100, 10)), 1);
        assertThat(caller).isNotDone();
        assertThat(gate.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
        assertThat(caller).isCompletedWithValue("row 1");
    }

    @Test
    void waitsForMoreUntilTheDelayIsOver() {
        GroupCommit<Integer, String> commit = create(delayed(Duration.ofMillis(5)));
        var callers = submitAll(commit, 1, 2);
        time.advanceTimeBy(Duration.ofMillis(4));
        assertThat(flush.writes).isEmpty();
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(flush.writes).containsExactly(List.of(1, 2));
        assertThat(callers).allSatisfy(caller -> assertThat(caller).isCompleted());
    }

    @Test
    void refusesAtOnceWhenTheLaneIsFull() {
        Sinks.Empty<Void> gate = gateFirstWrite();
        GroupCommit<Integer, String> commit = create(settings(1, 2, 10));
        var accepted = submitAll(commit, 1, 2, 3);
        commit.submit(4)
                .as(StepVerifier::create)
                .expectErrorSatisfies(GroupCommitTest::isUnavailable)
                .verify(DEADLINE);
        assertThat(registry.counter("sluice.groupcommit.rejected", "name", "test")
                        .count())
                .isEqualTo(1);
        assertThat(gate.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
        assertThat(accepted).allSatisfy(caller -> assertThat(caller).isCompleted());
        commit.submit(5)
                .as(StepVerifier::create)
                .expectNext("row 5")
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void refusesAtOnceWhatHasNoRoomByItsBytes() {
        Sinks.Empty<Void> gate = gateFirstWrite();
        GroupCommit<Integer, String> commit = create(delayed(Duration.ZERO));
        var accepted = submitAll(commit, 5_000, 600, 400);
        assertProblem(start(commit, 1), ProblemType.UNAVAILABLE);
        assertThat(gate.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
        assertThat(accepted).allSatisfy(caller -> assertThat(caller).isCompleted());
        assertThat(start(commit, 1)).isCompletedWithValue("row 1");
        assertThat(start(commit, 9_000)).as("alone however large").isCompletedWithValue("row 9000");
    }

    @Test
    void failsOnlyTheCallerOfABadRow() {
        refuse(item -> item == 7);
        Sinks.Empty<Void> gate = gateFirstWrite();
        GroupCommit<Integer, String> commit = create(settings(1, 100, 16));
        var callers = submitAll(commit, IntStream.range(0, 16).boxed().toArray(Integer[]::new));
        assertThat(gate.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
        for (int item = 0; item < 16; item++) {
            if (item == 7) {
                assertProblem(callers.get(item), ProblemType.CONFLICT);
            } else {
                assertThat(callers.get(item)).isCompletedWithValue("row " + item);
            }
        }
        assertThat(flush.stored).hasSize(15).doesNotContain(7).isSorted();
        assertThat(flush.readBacks).isEmpty();
    }

    @Test
    void doesNotHalveABatchTheServerHasNoRoomFor() {
        flush.then(flush::store).then(batch -> Mono.error(new ConnectException("refused")));
        GroupCommit<Integer, String> commit = create(delayed(Duration.ofMillis(5)));
        var first = start(commit, 0);
        time.advanceTimeBy(Duration.ofMillis(5));
        assertThat(first).isCompleted();
        var callers = submitAll(commit, 1, 2, 3);
        time.advanceTimeBy(Duration.ofMillis(5));
        assertThat(callers).allSatisfy(caller -> assertProblem(caller, ProblemType.UNAVAILABLE));
        assertThat(flush.writes).hasSize(2);
        assertThat(flush.readBacks).isEmpty();
    }

    @Test
    void readsBackWhatABrokenConnectionCommitted() {
        flush.then(batch -> flush.store(batch.subList(0, 2)).then(broken()));
        GroupCommit<Integer, String> commit = create(delayed(Duration.ofMillis(5)));
        var callers = submitAll(commit, 1, 2, 3);
        time.advanceTimeBy(Duration.ofMillis(5));
        assertThat(callers.get(0)).isCompletedWithValue("row 1");
        assertThat(callers.get(1)).isCompletedWithValue("row 2");
        assertProblem(callers.get(2), ProblemType.UNAVAILABLE);
        assertThat(flush.writes).hasSize(1);
    }

    @Test
    void triesToReadBackAgainWhileTheDatabaseIsAwayAndAnswersNobodyBefore() {
        flush.then(batch -> flush.store(batch).then(broken()));
        flush.beforeReadBack(
                () -> flush.readBacks.size() < 3 ? Mono.error(new ConnectException("away")) : Mono.empty());
        var caller = start(create(settings(1, 10, 10)), 1);
        assertThat(caller).isNotDone();
        time.advanceTimeBy(Duration.ofSeconds(4));
        assertThat(caller).isCompletedWithValue("row 1");
        assertThat(flush.readBacks).hasSize(3);
    }

    @Test
    void saysUnavailableWhenTheOutcomeStaysUnknownAndGoesOnWithTheNext() {
        flush.then(batch -> flush.store(batch).then(broken()));
        flush.beforeReadBack(() -> Mono.error(new ConnectException("away")));
        GroupCommit<Integer, String> commit = create(settings(1, 10, 10));
        var unknown = start(commit, 1);
        var next = start(commit, 2);
        time.advanceTimeBy(Duration.ofSeconds(6));
        assertProblem(unknown, ProblemType.UNAVAILABLE);
        assertThat(next).isCompletedWithValue("row 2");
    }

    @Test
    void countsAWriteThatHangsAsBrokenOff() {
        flush.then(batch -> flush.store(batch).then(Mono.never()));
        var caller = start(create(settings(1, 10, 10)), 1);
        time.advanceTimeBy(Duration.ofSeconds(15));
        assertThat(caller).isCompletedWithValue("row 1");
        assertThat(registry.counter("sluice.groupcommit.readback", "name", "test")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void treatsAWrongNumberOfResultsAsADefect() {
        flush.then(batch -> Mono.just(List.of())).then(batch -> Mono.empty());
        GroupCommit<Integer, String> commit = create(settings(1, 10, 10));
        assertProblem(start(commit, 1), ProblemType.INTERNAL_ERROR);
        assertProblem(start(commit, 2), ProblemType.INTERNAL_ERROR);
    }

    @Test
    void passesOnTheFlushesOwnProblem() {
        flush.then(batch -> {
            throw new SluiceException(ProblemType.CONFLICT, "The lease is lost.");
        });
        assertProblem(start(create(settings(1, 10, 10)), 1), ProblemType.CONFLICT);
    }

    @Test
    void neverWritesWhatWasCancelledWhileWaiting() {
        Sinks.Empty<Void> gate = gateFirstWrite();
        GroupCommit<Integer, String> commit = create(settings(1, 100, 10));
        var first = start(commit, 1);
        var cancelled = commit.submit(2).subscribe();
        var last = start(commit, 3);
        cancelled.dispose();
        assertThat(gate.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
        assertThat(flush.stored).containsExactly(1, 3);
        assertThat(first).isCompleted();
        assertThat(last).isCompleted();
    }

    @Test
    void writesWhatWasCancelledWhileBeingWritten() {
        Sinks.Empty<Void> gate = gateFirstWrite();
        GroupCommit<Integer, String> commit = create(settings(1, 100, 10));
        commit.submit(1).subscribe().dispose();
        var other = start(commit, 2);
        assertThat(gate.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
        assertThat(flush.stored).containsExactly(1, 2);
        assertThat(other).isCompleted();
    }

    @Test
    void givesPlacesBackWhenWaitersLeave() {
        gateFirstWrite();
        GroupCommit<Integer, String> commit = create(settings(1, 10, 10));
        var writing = start(commit, 0);
        for (int round = 0; round < 100; round++) {
            commit.submit(round).subscribe().dispose();
        }
        var waiting = start(commit, 1000);
        assertThat(waiting).isNotDone();
        assertThat(writing).isNotDone();
    }

    @Test
    void writesEqualLanesInOrderAndOthersSideBySide() {
        Sinks.Empty<Void> gate = gateFirstWrite();
        GroupCommit<Integer, String> commit = create(settings(2, 100, 10));
        var even = submitAll(commit, 0, 2, 4);
        var odd = submitAll(commit, 1, 3);
        assertThat(odd).allSatisfy(caller -> assertThat(caller).isCompleted());
        assertThat(even).allSatisfy(caller -> assertThat(caller).isNotDone());
        assertThat(gate.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
        assertThat(flush.stored).containsExactly(1, 3, 0, 2, 4);
    }

    @Test
    void writesTheRestWhileClosingAndRefusesNewItems() throws Exception {
        Sinks.Empty<Void> gate = gateFirstWrite();
        GroupCommit<Integer, String> commit = create(settings(1, 100, 10));
        var callers = submitAll(commit, 1, 2, 3);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(commit::close);
        Flux.interval(Duration.ofMillis(1), Schedulers.boundedElastic())
                .onBackpressureDrop()
                .concatMap(tick -> isRefused(commit))
                .takeUntil(refused -> refused)
                .then()
                .as(StepVerifier::create)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(closing).isNotDone();
        assertThat(gate.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
        closing.get(10, TimeUnit.SECONDS);
        assertThat(callers).allSatisfy(caller -> assertThat(caller).isCompleted());
        assertThat(flush.stored).contains(1, 2, 3);
    }

    @Test
    void answersEverybodyWhenClosingTakesTooLong() {
        gateFirstWrite();
        GroupCommit<Integer, String> commit = create(new GroupCommitSettings(
                1, 100, 1_000, 1, 1_000, Duration.ZERO, false, DEADLINE, DEADLINE, Duration.ofMillis(50)));
        var callers = submitAll(commit, 1, 2);
        commit.close();
        assertThat(callers).allSatisfy(caller -> assertProblem(caller, ProblemType.UNAVAILABLE));
        commit.close();
    }

    @Test
    void accountsForEverySubmissionUnderRaces() {
        int submitters = 16;
        int each = 2_000;
        refuse(item -> item % 97 == 0);
        var slow = new GroupCommit.Flush<Integer, String>() {
            @Override
            public long bytes(Integer item) {
                return 1;
            }

            @Override
            public Mono<List<String>> write(List<Integer> batch) {
                return flush.write(batch).subscribeOn(Schedulers.parallel());
            }

            @Override
            public Mono<List<Optional<String>>> readBack(List<Integer> batch) {
                return flush.readBack(batch);
            }
        };
        var commit = new GroupCommit<>(settings(4, 64, 8), slow, item -> item, registry, "races");
        var results = new ConcurrentLinkedQueue<Integer>();
        Flux.range(0, submitters)
                .flatMap(
                        submitter -> Flux.range(submitter * each, each)
                                .flatMap(item -> outcome(commit, item), 32)
                                .subscribeOn(Schedulers.parallel()),
                        submitters)
                .doOnNext(results::add)
                .then()
                .as(StepVerifier::create)
                .expectComplete()
                .verify(Duration.ofSeconds(50));
        commit.close();
        List<Integer> acknowledged = results.stream().filter(item -> item >= 0).toList();
        assertThat(results).hasSize(submitters * each);
        assertThat(flush.stored).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(acknowledged);
        assertThat(flush.stored).noneMatch(item -> item % 97 == 0);
        assertThat(registry.get("sluice.groupcommit.queue.depth")
                        .tag("name", "races")
                        .gauge()
                        .value())
                .isZero();
    }

    private static Mono<Boolean> isRefused(GroupCommit<Integer, String> commit) {
        return commit.submit(99).thenReturn(false).onErrorReturn(true).timeout(Duration.ofMillis(5), Mono.just(false));
    }

    /** The item when it was stored, a negative number when not. */
    private static Mono<Integer> outcome(GroupCommit<Integer, String> commit, int item) {
        return commit.submit(item).thenReturn(item).onErrorResume(error -> Mono.just(-1 - item));
    }

    private void refuse(IntPredicate bad) {
        flush.refuse(batch -> batch.stream().anyMatch(bad::test)
                ? new R2dbcDataIntegrityViolationException("duplicate key", "23505")
                : null);
    }

    /** The first write waits until the gate is opened. */
    @CanIgnoreReturnValue
    private Sinks.Empty<Void> gateFirstWrite() {
        Sinks.Empty<Void> gate = Sinks.empty();
        flush.then(batch -> gate.asMono().then(Mono.defer(() -> flush.store(batch))));
        return gate;
    }

    private GroupCommit<Integer, String> create(GroupCommitSettings settings) {
        return new GroupCommit<>(settings, flush, item -> item, registry, "test", time);
    }

    private static GroupCommitSettings settings(int lanes, int maxQueued, int maxBatch) {
        return GroupCommitSettings.of(lanes, maxQueued, maxBatch);
    }

    private static GroupCommitSettings delayed(Duration delay) {
        return new GroupCommitSettings(1, 100, 1_000, 10, 1_000, delay, false, DEADLINE, DEADLINE, DEADLINE);
    }

    private static List<CompletableFuture<String>> submitAll(GroupCommit<Integer, String> commit, Integer... items) {
        return List.of(items).stream().map(item -> start(commit, item)).toList();
    }

    private static CompletableFuture<String> start(GroupCommit<Integer, String> commit, int item) {
        CompletableFuture<String> caller = new CompletableFuture<>();
        Disposable running = commit.submit(item).subscribe(caller::complete, caller::completeExceptionally);
        assertThat(running).isNotNull();
        return caller;
    }

    private static <V> Mono<V> broken() {
        return Mono.error(new R2dbcNonTransientResourceException("Connection closed"));
    }

    private static void assertProblem(CompletableFuture<String> caller, ProblemType type) {
        assertThat(caller)
                .failsWithin(DEADLINE)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private static void isUnavailable(Throwable error) {
        assertThat(error).isInstanceOfSatisfying(SluiceException.class, problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE);
            assertThat(problem.retryAfter()).isPositive();
        });
    }
}

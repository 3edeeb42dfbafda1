package dev.sluice.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

final class CommitQueueTest {

    private final CommitQueue<Integer, String> queue = new CommitQueue<>(3, 100, 0, false);

    @Test
    void writesInOrderAndNoMoreThanABatch() {
        add(queue, 1, 2, 3, 4);
        assertThat(items(queue.next(0))).containsExactly(1, 2, 3);
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void writesNoMoreBytesThanABatchMayHaveExceptForASingleItem() {
        add(queue, 60, 40, 1, 500, 2);
        assertThat(queue.bytes()).isEqualTo(603);
        assertThat(items(queue.next(0))).containsExactly(60, 40);
        queue.settled(0);
        assertThat(items(queue.next(0))).containsExactly(1);
        queue.settled(0);
        assertThat(items(queue.next(0))).containsExactly(500);
        queue.settled(0);
        assertThat(items(queue.next(0))).containsExactly(2);
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void countsTheBytesOfWhatWasCancelledNoLonger() {
        List<Pending<Integer, String>> pendings = add(queue, 10, 20, 30);
        assertThat(pendings.get(1).cancel()).isTrue();
        queue.purge();
        assertThat(queue.bytes()).isEqualTo(40);
        assertThat(pendings.get(0).cancel()).isTrue();
        assertThat(items(queue.next(0))).containsExactly(30);
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void hasOneFlushInFlight() {
        add(queue, 1);
        assertThat(items(queue.next(0))).containsExactly(1);
        add(queue, 2);
        assertThat(queue.next(0)).isInstanceOf(CommitQueue.Step.Idle.class);
        queue.settled(0);
        assertThat(items(queue.next(0))).containsExactly(2);
    }

    @Test
    void waitsForTheDelayOfTheFirstItemOrAFullBatch() {
        var delayed = new CommitQueue<Integer, String>(2, 100, 100, false);
        add(delayed, 1);
        assertThat(delayed.next(40)).isEqualTo(new CommitQueue.Step.Wait<Integer, String>(60));
        assertThat(items(delayed.next(100))).containsExactly(1);
        delayed.settled(0);
        add(delayed, 2, 3);
        assertThat(items(delayed.next(40))).containsExactly(2, 3);
    }

    @Test
    void waitsForMostOfThoseItAnsweredHalfAsLongAsTheWriteTook() {
        var gathering = new CommitQueue<Integer, String>(10, 100, 0, true);
        add(gathering, 1, 2, 3);
        assertThat(items(gathering.next(1_000))).containsExactly(1, 2, 3);
        add(gathering, 4);
        gathering.settled(1_200);
        assertThat(gathering.next(1_200)).isEqualTo(new CommitQueue.Step.Wait<Integer, String>(100));
        add(gathering, 5);
        assertThat(gathering.next(1_230)).isEqualTo(new CommitQueue.Step.Wait<Integer, String>(70));
        add(gathering, 6);
        assertThat(items(gathering.next(1_240))).containsExactly(4, 5, 6);

        gathering.settled(1_440);
        add(gathering, 7);
        assertThat(gathering.next(1_500)).isEqualTo(new CommitQueue.Step.Wait<Integer, String>(40));
        assertThat(items(gathering.next(1_540))).containsExactly(7);
    }

    @Test
    void waitsForNobodyWhenItAnsweredOnlyOne() {
        var gathering = new CommitQueue<Integer, String>(10, 100, 0, true);
        add(gathering, 1);
        assertThat(items(gathering.next(0))).containsExactly(1);
        gathering.settled(200);
        add(gathering, 2);
        assertThat(items(gathering.next(200))).containsExactly(2);
    }

    @Test
    void doesNotDelayWhileClosing() {
        var delayed = new CommitQueue<Integer, String>(2, 100, 100, false);
        add(delayed, 1);
        delayed.close();
        assertThat(items(delayed.next(0))).containsExactly(1);
    }

    @Test
    void leavesOutWhatWasCancelled() {
        List<Pending<Integer, String>> pendings = add(queue, 1, 2, 3, 4);
        assertThat(pendings.get(0).cancel()).isTrue();
        assertThat(pendings.get(2).cancel()).isTrue();
        assertThat(items(queue.next(0))).containsExactly(2, 4);
        assertThat(queue.size()).isZero();
    }

    @Test
    void isIdleWhenAllWereCancelled() {
        add(queue, 1, 2).forEach(pending -> assertThat(pending.cancel()).isTrue());
        assertThat(queue.next(0)).isInstanceOf(CommitQueue.Step.Idle.class);
        assertThat(queue.size()).isZero();
    }

    @Test
    void finishesOnceEverythingIsWritten() {
        add(queue, 1);
        queue.close();
        assertThat(items(queue.next(0))).containsExactly(1);
        assertThat(queue.next(0)).isInstanceOf(CommitQueue.Step.Idle.class);
        queue.settled(0);
        assertThat(queue.next(0)).isEqualTo(new CommitQueue.Step.Finished<Integer, String>(List.of()));
    }

    @Test
    void neverWritesWhatCameAfterTheEnd() {
        queue.close();
        assertThat(queue.next(0)).isInstanceOf(CommitQueue.Step.Finished.class);
        List<Pending<Integer, String>> late = add(queue, 1);
        assertThat(queue.next(0)).isEqualTo(new CommitQueue.Step.Finished<>(late));
    }

    @Test
    void refusesToSettleWhatDidNotBegin() {
        assertThatIllegalStateException().isThrownBy(() -> queue.settled(0));
    }

    @CanIgnoreReturnValue
    private static List<Pending<Integer, String>> add(CommitQueue<Integer, String> queue, Integer... items) {
        List<Pending<Integer, String>> pendings = List.of(items).stream()
                .map(item -> new Pending<>(item, item, sink(), 0))
                .toList();
        pendings.forEach(queue::add);
        return pendings;
    }

    private static List<Integer> items(CommitQueue.Step<Integer, String> step) {
        assertThat(step).isInstanceOf(CommitQueue.Step.Flush.class);
        return ((CommitQueue.Step.Flush<Integer, String>) step)
                .batch().stream().map(Pending::item).toList();
    }

    private static MonoSink<String> sink() {
        java.util.concurrent.atomic.AtomicReference<MonoSink<String>> sink =
                new java.util.concurrent.atomic.AtomicReference<>();
        assertThat(Mono.<String>create(sink::set).toFuture()).isNotDone();
        return sink.get();
    }
}

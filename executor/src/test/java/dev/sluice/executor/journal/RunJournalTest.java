package dev.sluice.executor.journal;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
class RunJournalTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final List<Integer> written = Collections.synchronizedList(new ArrayList<>());
    private final List<String> told = new ArrayList<>();
    private final List<Sinks.Empty<Void>> writes = new ArrayList<>();

    @Test
    void writesWhatBranchesAppendMeanwhileInOnePieceAndInOrder() {
        RunJournal journal = new RunJournal(List.of(), this::byHand, Clock.systemUTC());
        Mono<Entry> first = append(journal, "a").cache();
        StepVerifier.create(first)
                .then(() -> StepVerifier.create(append(journal, "b")
                                .mergeWith(append(journal, "c"))
                                .map(Entry::seq))
                        .then(() -> assertThat(writes).hasSize(1))
                        .then(() -> end(0))
                        .then(() -> assertThat(writes).hasSize(2))
                        .then(() -> end(1))
                        .expectNext(2, 3)
                        .expectComplete()
                        .verify(DEADLINE))
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(written).containsExactly(1, 2, 3);
    }

    @Test
    void tellsAllWhoWaitedThatTheirWriteFailed() {
        RunJournal journal = new RunJournal(List.of(), this::byHand, Clock.systemUTC());
        StepVerifier.create(append(journal, "a")
                        .then(Mono.<Entry>never())
                        .mergeWith(append(journal, "b"))
                        .mergeWith(append(journal, "c")))
                .then(() -> end(0))
                .then(() -> writes.get(1).emitError(new FencedException("gone"), Sinks.EmitFailureHandler.FAIL_FAST))
                .expectError(FencedException.class)
                .verify(DEADLINE);
    }

    @Test
    void goesOnAfterABranchThatWasCancelledWhileItWrote() {
        RunJournal journal = new RunJournal(List.of(), this::byHand, Clock.systemUTC());
        StepVerifier.create(append(journal, "loser"))
                .then(() -> assertThat(writes).hasSize(1))
                .thenCancel()
                .verify(DEADLINE);
        StepVerifier.create(append(journal, "winner").map(Entry::seq))
                .then(() -> end(1))
                .expectNext(2)
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void keepsTheOrderOfManyBranchesOnManyThreads() {
        RunJournal journal = new RunJournal(
                List.of(),
                entries -> Mono.delay(
                                Duration.ofNanos(ThreadLocalRandom.current().nextInt(300_000)))
                        .doOnNext(tick -> entries.forEach(
                                noted -> written.add(noted.entry().seq())))
                        .then(),
                Clock.systemUTC());
        Flux.range(0, 16)
                .flatMap(
                        branch -> Flux.range(0, 100)
                                .concatMap(i -> append(journal, branch + "/" + i))
                                .subscribeOn(Schedulers.parallel()),
                        16)
                .as(StepVerifier::create)
                .expectNextCount(1_600)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(written).isEqualTo(IntStream.rangeClosed(1, 1_600).boxed().toList());
    }

    @Test
    void holdsTheLastEntryBackForTheEnd() {
        RunJournal journal = closable();
        StepVerifier.create(last(journal).map(Entry::seq)).expectNext(1).verifyComplete();
        assertThat(writes).isEmpty();
        assertThat(journal.holds(1)).isTrue();
        assertThat(journal.closing().entries()).extracting(Entry::seq).containsExactly(1);
    }

    @Test
    void writesWhatItHoldsBackBeforeAnythingElse() {
        RunJournal journal = closable();
        StepVerifier.create(last(journal)).expectNextCount(1).verifyComplete();
        StepVerifier.create(append(journal, "b"))
                .then(() -> assertThat(journal.holds(1)).isFalse())
                .then(() -> assertThat(journal.closing()).isEqualTo(Closing.NONE))
                .then(() -> end(0))
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(written).containsExactly(1, 2);
    }

    @Test
    void writesTheLastEntryWhileABranchThatLostStillWrites() {
        RunJournal journal = closable();
        StepVerifier.create(append(journal, "first").then(Mono.<Entry>never()).mergeWith(append(journal, "loser")))
                .then(() -> end(0))
                .then(() -> assertThat(writes).hasSize(2))
                .thenCancel()
                .verify(DEADLINE);
        StepVerifier.create(last(journal).map(Entry::seq))
                .then(() -> assertThat(journal.holds(3)).isFalse())
                .then(() -> end(1))
                .then(() -> assertThat(writes).hasSize(3))
                .then(() -> end(2))
                .expectNext(3)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(written).containsExactly(1, 2, 3);
        assertThat(journal.closing()).isEqualTo(Closing.NONE);
    }

    @Test
    void writesTheLastEntryWhenNobodyElseWould() {
        RunJournal journal = new RunJournal(List.of(), this::byHand, Clock.systemUTC());
        StepVerifier.create(last(journal))
                .then(() -> assertThat(journal.closing()).isEqualTo(Closing.NONE))
                .then(() -> end(0))
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(written).containsExactly(1);
    }

    @Test
    void storesWhatIsToldWithTheEntryThatComesNext() {
        RunJournal journal = new RunJournal(List.of(), this::collect, Clock.systemUTC());
        journal.attend(entry -> List.of(event("entry " + entry.path())));
        journal.tell(List.of(event("before")));

        append(journal, "a").as(StepVerifier::create).expectNextCount(1).verifyComplete();
        append(journal, "b").as(StepVerifier::create).expectNextCount(1).verifyComplete();

        assertThat(told).containsExactly("a: before, entry a", "b: entry b");
    }

    /** A checkpoint that is only held is not there yet, but what is told with it may have to be. */
    @Test
    void writesWhatIsToldWhenNothingElseIsWritten() {
        RunJournal journal = new RunJournal(List.of(), this::collect, Clock.systemUTC());
        for (int i = 0; i < RunJournal.MAX_HELD_EVENTS; i++) {
            assertThat(journal.tellsMuch()).isFalse();
            journal.tell(List.of(event("e")));
        }
        assertThat(journal.tellsMuch()).isTrue();
        journal.flush().as(StepVerifier::create).verifyComplete();
        assertThat(journal.tellsMuch()).isFalse();
        journal.checkpoint("0", "do", 0, Json.object()).as(StepVerifier::create).verifyComplete();
        journal.tell(List.of(event("late")));
        journal.flush().as(StepVerifier::create).verifyComplete();
        journal.flush().as(StepVerifier::create).verifyComplete();

        assertThat(told).hasSize(2).first(as(STRING)).startsWith("2147483647/told: e, e");
        assertThat(told).last().isEqualTo("0: late");
    }

    @Test
    void leavesWhatIsToldLastToTheEnd() {
        RunJournal journal = closable();
        journal.attend(entry -> List.of(event("entry")));
        journal.tell(List.of(event("before")));
        journal.checkpoint("0", "do", 0, Json.object()).as(StepVerifier::create).verifyComplete();
        assertThat(journal.closing().entries()).isEmpty();
        StepVerifier.create(last(journal)).expectNextCount(1).verifyComplete();
        journal.tell(List.of(event("after")));

        assertThat(journal.closing().told())
                .extracting(event -> event.envelope().tree().asString())
                .containsExactly("before", "entry", "entry", "after");
        assertThat(journal.closing().withoutEntries().told()).hasSize(4);
        assertThat(journal.closing().entries()).hasSize(2);
        assertThat(writes).isEmpty();
    }

    /** Whether its entry is there nobody knows; what others did is told all the same. */
    @Test
    void storesWhatABranchTookAlongThatWasCancelledWhileItWrote() {
        RunJournal journal = new RunJournal(
                List.of(),
                entries -> entries.getLast().entry().path().equals("loser") ? Mono.never() : collect(entries),
                Clock.systemUTC());
        journal.attend(entry -> List.of(event("entry " + entry.path())));
        journal.tell(List.of(event("first")));
        journal.checkpoint("0", "do", 0, Json.object()).as(StepVerifier::create).verifyComplete();
        journal.tell(List.of(event("second")));
        StepVerifier.create(append(journal, "loser")).thenCancel().verify(DEADLINE);
        journal.tell(List.of(event("third")));

        append(journal, "winner").as(StepVerifier::create).expectNextCount(1).verifyComplete();

        assertThat(told).containsExactly("winner: first, second, third, entry winner");
    }

    @Test
    void leavesWhatAWriteTookAlongThatFailedToTheEnd() {
        RunJournal journal =
                new RunJournal(List.of(), entries -> Mono.error(new IllegalStateException("full")), Clock.systemUTC());
        journal.attend(entry -> List.of(event("entry " + entry.path())));
        journal.tell(List.of(event("before")));
        append(journal, "a").as(StepVerifier::create).expectError().verify(DEADLINE);

        assertThat(journal.closing().told())
                .extracting(event -> event.envelope().tree().asString())
                .containsExactly("before");
    }

    private static Emission event(String text) {
        return new Emission(Ids.next(), null, Json.string(text));
    }

    private Mono<Void> collect(List<Noted> entries) {
        return Mono.fromRunnable(() -> entries.forEach(noted -> told.add(noted.entry()
                        .path() + ": "
                + noted.told().stream().map(event -> event.event().asString()).collect(joining(", ")))));
    }

    private RunJournal closable() {
        return new RunJournal(List.of(), 0, this::byHand, Clock.systemUTC(), JournalFormat.CURRENT, true);
    }

    private static Mono<Entry> last(RunJournal journal) {
        return journal.appendLast(EntryKind.COMPLETED, "a", "call", 1, Json.object());
    }

    private static Mono<Entry> append(RunJournal journal, String path) {
        return journal.append(EntryKind.COMPLETED, path, "call", 1, Json.object());
    }

    private Mono<Void> byHand(List<Noted> entries) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> end = Sinks.empty();
            writes.add(end);
            return end.asMono()
                    .doOnSuccess(done ->
                            entries.forEach(noted -> written.add(noted.entry().seq())));
        });
    }

    private void end(int write) {
        writes.get(write).emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
    }
}

package dev.sluice.gateway.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

final class LookupCacheTest {

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final SecretHash HASH = SecretHash.of("secret");
    private static final LookupSettings SETTINGS =
            new LookupSettings(10, 10, Duration.ofSeconds(30), Duration.ofMinutes(15), Duration.ofSeconds(3), 2, 1);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger lookups = new AtomicInteger();
    private Mono<Optional<String>> row = Mono.just(Optional.of("row"));

    private final LookupCache<SecretHash, String> cache = new LookupCache<>(
            SETTINGS,
            hash -> Mono.defer(() -> {
                lookups.incrementAndGet();
                return row;
            }),
            nanos::get);

    @Test
    void looksUpOnce() {
        expect(Optional.of("row"));
        expect(Optional.of("row"));
        assertThat(lookups).hasValue(1);
    }

    @Test
    void hasOneLookupInFlightAndKeepsItWhenOneCallerCancels() {
        Sinks.One<Optional<String>> pending = Sinks.one();
        row = pending.asMono();
        var first = cache.find(HASH).subscribe();
        StepVerifier second = asking(Optional.of("late"));
        first.dispose();
        pending.tryEmitValue(Optional.of("late")).orThrow();
        second.verify(DEADLINE);
        assertThat(lookups).hasValue(1);
    }

    @Test
    void remembersForAWhileThatThereIsNoRow() {
        row = Mono.just(Optional.empty());
        expect(Optional.empty());
        row = Mono.just(Optional.of("new"));
        expect(Optional.empty());
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        expect(Optional.of("new"));
    }

    /** As it is with a database, whose answer comes when whoever asks has asked. */
    @Test
    void remembersThatThereIsNoRowAlsoWhenThatWasToldLater() {
        Sinks.One<Optional<String>> pending = Sinks.one();
        row = pending.asMono();
        StepVerifier asked = asking(Optional.empty());
        pending.tryEmitValue(Optional.empty()).orThrow();
        asked.verify(DEADLINE);
        expect(Optional.empty());
        assertThat(lookups).hasValue(1);
    }

    @Test
    void givesTheRowBeforeUntilTheNewOneIsRead() {
        expect(Optional.of("row"));
        Sinks.One<Optional<String>> pending = Sinks.one();
        row = pending.asMono();
        CompletableFuture<Boolean> renewed = cache.renew(HASH);
        expect(Optional.of("row"));
        assertThat(renewed).isNotDone();
        pending.tryEmitValue(Optional.of("new")).orThrow();
        expect(Optional.of("new"));
        assertThat(renewed).isCompletedWithValue(true);
        row = Mono.error(new IllegalStateException("away"));
        assertThat(cache.renew(HASH)).isCompletedWithValue(false);
        expect(Optional.of("new"));
        row = Mono.just(Optional.empty());
        assertThat(cache.renew(HASH)).isCompletedWithValue(true);
        expect(Optional.empty());
        row = Mono.just(Optional.of("again"));
        assertThat(cache.renew(HASH)).isCompletedWithValue(true);
        expect(Optional.of("again"));
    }

    @Test
    void readsOnceMoreWhatWasBeingReadWhenItChanged() {
        expect(Optional.of("row"));
        Sinks.One<Optional<String>> first = Sinks.one();
        row = first.asMono();
        CompletableFuture<Boolean> early = cache.renew(HASH);
        row = Mono.just(Optional.of("new"));
        CompletableFuture<Boolean> late = cache.renew(HASH);
        CompletableFuture<Boolean> later = cache.renew(HASH);
        assertThat(late).isNotDone();
        first.tryEmitValue(Optional.of("between")).orThrow();
        assertThat(early).isCompletedWithValue(true);
        assertThat(late).isCompletedWithValue(true);
        assertThat(later).isSameAs(late);
        expect(Optional.of("new"));
        assertThat(lookups).hasValue(3);
    }

    /** The first there is of it came while somebody looked for it. */
    @Test
    void aReadingThatFoundNoneBeforeTheChangeDoesNotUndoIt() {
        Sinks.One<Optional<String>> before = Sinks.one();
        row = before.asMono();
        StepVerifier asked = asking(Optional.empty());
        row = Mono.just(Optional.of("new"));
        assertThat(cache.renew(HASH)).isCompletedWithValue(true);
        before.tryEmitValue(Optional.empty()).orThrow();
        asked.verify(DEADLINE);
        expect(Optional.of("new"));
    }

    @Test
    void aReadingThatBeganBeforeTheChangeDoesNotUndoIt() {
        Sinks.One<Optional<String>> before = Sinks.one();
        row = before.asMono();
        StepVerifier asked = asking(Optional.of("old"));
        row = Mono.just(Optional.of("new"));
        assertThat(cache.renew(HASH)).isCompletedWithValue(true);
        expect(Optional.of("new"));
        before.tryEmitValue(Optional.of("old")).orThrow();
        asked.verify(DEADLINE);
        expect(Optional.of("new"));
    }

    @Test
    void keepsARowWhileTheDatabaseIsAway() {
        expect(Optional.of("row"));
        row = Mono.error(new IllegalStateException("away"));
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        expect(Optional.of("row"));
        expect(Optional.of("row"));
    }

    @Test
    void forgetsWhatItIsToldTo() {
        expect(Optional.of("row"));
        row = Mono.just(Optional.of("changed"));

        cache.forget("another"::equals);
        expect(Optional.of("row"));
        cache.forget("row"::equals);
        expect(Optional.of("changed"));
    }

    @Test
    void doesNotKeepWhatALookupUnderWayMayHaveReadBefore() {
        Sinks.One<Optional<String>> pending = Sinks.one();
        row = pending.asMono();
        StepVerifier early = asking(Optional.of("before"));

        cache.forget("before"::equals);
        row = Mono.just(Optional.of("after"));
        expect(Optional.of("after"));
        pending.tryEmitValue(Optional.of("before")).orThrow();

        early.verify(DEADLINE);
        expect(Optional.of("after"));
    }

    @Test
    void doesNotKeepWhatARefreshUnderWayMayHaveReadBefore() {
        expect(Optional.of("row"));
        Sinks.One<Optional<String>> refresh = Sinks.one();
        row = refresh.asMono();
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        expect(Optional.of("row"));

        cache.forget("row"::equals);
        row = Mono.just(Optional.of("after"));
        refresh.tryEmitValue(Optional.of("before")).orThrow();

        expect(Optional.of("after"));
    }

    @Test
    void doesNotRememberFailures() {
        row = Mono.error(new IllegalStateException("away"));
        cache.find(HASH).as(StepVerifier::create).expectErrorMessage("away").verify(DEADLINE);
        row = Mono.just(Optional.of("row"));
        expect(Optional.of("row"));
    }

    @Test
    void dropsARowThatIsGone() {
        expect(Optional.of("row"));
        row = Mono.just(Optional.empty());
        nanos.addAndGet(Duration.ofSeconds(31).toNanos());
        expect(Optional.of("row")); // starts the refresh
        expect(Optional.empty());
    }

    @Test
    void answersUnavailableAtOnceWhenTooManyUnknownHashesWait() {
        expect(Optional.of("row"));
        Sinks.One<Optional<String>> slow = Sinks.one();
        row = slow.asMono();
        List<Disposable> guesses = List.of(guess(1), guess(2), guess(3));
        assertThat(lookups).as("the known one and two guesses").hasValue(3);
        cache.find(SecretHash.of("guess 4"))
                .as(StepVerifier::create)
                .expectErrorSatisfies(LookupCacheTest::assertUnavailable)
                .verify(DEADLINE);
        expect(Optional.of("row"));
        slow.tryEmitValue(Optional.empty()).orThrow();
        assertThat(lookups).as("the third guess had its turn").hasValue(4);
        assertThat(guesses).allMatch(Disposable::isDisposed);
        row = Mono.just(Optional.of("found"));
        cache.find(SecretHash.of("key"))
                .as(StepVerifier::create)
                .expectNext(Optional.of("found"))
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void doesNotLetAGuessWaitForEver() {
        row = Mono.never();
        guess(1);
        guess(2);
        cache.find(SecretHash.of("guess 3"))
                .as(StepVerifier::create)
                .expectErrorSatisfies(LookupCacheTest::assertUnavailable)
                .verify(DEADLINE);
    }

    @Test
    void refreshesAKnownRowWhileGuessesTakeAllPlaces() {
        expect(Optional.of("row"));
        row = Mono.never();
        guess(1);
        guess(2);
        row = Mono.just(Optional.of("newer"));
        nanos.addAndGet(Duration.ofSeconds(31).toNanos());
        expect(Optional.of("newer"));
    }

    @CanIgnoreReturnValue
    private Disposable guess(int number) {
        return cache.find(SecretHash.of("guess " + number)).subscribe();
    }

    private static void assertUnavailable(Throwable error) {
        assertThat(error)
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE));
    }

    private void expect(Optional<String> value) {
        cache.find(HASH)
                .as(StepVerifier::create)
                .expectNext(value)
                .expectComplete()
                .verify(DEADLINE);
    }

    /** Somebody who has asked, to be verified when the answer has come. */
    private StepVerifier asking(Optional<String> value) {
        return cache.find(HASH)
                .as(StepVerifier::create)
                .expectNext(value)
                .expectComplete()
                .verifyLater();
    }
}

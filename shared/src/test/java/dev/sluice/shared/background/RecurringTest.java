package dev.sluice.shared.background;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class RecurringTest {

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final AtomicInteger turns = new AtomicInteger();
    private final List<Throwable> failures = new ArrayList<>();

    @AfterEach
    void end() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void goesOnAfterATurnThatFailsThrowsOrHangs() {
        Disposable work = Recurring.every(Duration.ZERO, PERIOD, time)
                .within(PERIOD.dividedBy(2))
                .start(
                        () -> switch (turns.incrementAndGet()) {
                            case 1 -> Mono.error(new IllegalStateException("failed"));
                            case 2 -> throw new IllegalStateException("thrown");
                            case 3 -> Mono.never();
                            default -> Flux.just("some", "values");
                        },
                        failures::add);

        time.advanceTimeBy(PERIOD.multipliedBy(5));

        assertThat(turns).hasValue(6);
        assertThat(failures).hasSize(3);
        work.dispose();
    }

    @Test
    void goesOnAfterWhoeverIsToldOfAFailureFails() {
        Disposable work = Recurring.every(PERIOD, time)
                .start(
                        () -> {
                            turns.incrementAndGet();
                            return Mono.error(new IllegalStateException("failed"));
                        },
                        failure -> {
                            throw new IllegalStateException("not told", failure);
                        });

        time.advanceTimeBy(PERIOD.multipliedBy(3));

        assertThat(turns).hasValue(3);
        work.dispose();
    }

    @Test
    void makesOneOfWhatComesDuringATurn() {
        Sinks.Many<Integer> hints = Sinks.many().multicast().directBestEffort();
        Sinks.Empty<Void> first = Sinks.empty();
        Disposable work = Recurring.every(Duration.ofHours(1), time)
                .orOn(hints.asFlux())
                .start(() -> turns.incrementAndGet() == 1 ? first.asMono() : Mono.empty(), failures::add);

        for (int i = 0; i < 5; i++) {
            hints.tryEmitNext(i).orThrow();
        }
        assertThat(turns).hasValue(1);
        first.tryEmitEmpty().orThrow();

        assertThat(turns).hasValue(2);
        work.dispose();
    }

    @Test
    void keepsTurnsApartWithoutDelayingTheFirst() {
        Duration apart = PERIOD.dividedBy(10);
        Sinks.Many<Integer> hints = Sinks.many().multicast().directBestEffort();
        Disposable work = Recurring.every(Duration.ofHours(1), time)
                .orOn(hints.asFlux())
                .apart(apart)
                .start(() -> Mono.fromRunnable(turns::incrementAndGet), failures::add);

        for (int i = 0; i < 5; i++) {
            hints.tryEmitNext(i).orThrow();
        }
        assertThat(turns).hasValue(1);

        time.advanceTimeBy(apart.minusNanos(1));
        assertThat(turns).hasValue(1);
        time.advanceTimeBy(Duration.ofNanos(1));
        assertThat(turns).hasValue(2);
        time.advanceTimeBy(PERIOD);
        assertThat(turns).hasValue(2);
        work.dispose();
    }

    @Test
    void goesOnAtOnceAfterATurnThatTookLongerThanTurnsAreApart() {
        Sinks.Many<Integer> hints = Sinks.many().multicast().directBestEffort();
        Disposable work = Recurring.every(Duration.ofHours(1), time)
                .orOn(hints.asFlux())
                .apart(PERIOD.dividedBy(10))
                .start(() -> Mono.delay(PERIOD, time).doFirst(turns::incrementAndGet), failures::add);

        hints.tryEmitNext(1).orThrow();
        hints.tryEmitNext(2).orThrow();
        time.advanceTimeBy(PERIOD);

        assertThat(turns).hasValue(2);
        work.dispose();
    }

    @Test
    void goesOnAsSoonAsItMayWhileThereIsMore() {
        Duration apart = PERIOD.dividedBy(10);
        Disposable work = Recurring.every(PERIOD, time)
                .apart(apart)
                .startGreedily(() -> Mono.just(turns.incrementAndGet() < 4), failures::add);

        time.advanceTimeBy(PERIOD);
        assertThat(turns).hasValue(1);
        time.advanceTimeBy(apart.multipliedBy(2));
        assertThat(turns).hasValue(3);
        time.advanceTimeBy(apart.multipliedBy(5));
        assertThat(turns).hasValue(4);
        time.advanceTimeBy(PERIOD);
        assertThat(turns).hasValue(5);
        work.dispose();
    }

    @Test
    void needsNoHintsToGoOn() {
        Disposable work = Recurring.every(PERIOD, time)
                .orOn(Flux.error(new IllegalStateException("no hints")))
                .start(() -> Mono.fromRunnable(turns::incrementAndGet), failures::add);

        time.advanceTimeBy(PERIOD.multipliedBy(3));

        assertThat(turns).hasValue(3);
        assertThat(failures).isEmpty();
        work.dispose();
    }

    @Test
    void cancelsTheTurnUnderWayWhenDisposed() {
        AtomicInteger cancelled = new AtomicInteger();
        Disposable work = Recurring.every(PERIOD, time)
                .start(() -> Mono.never().doOnCancel(cancelled::incrementAndGet), failures::add);
        time.advanceTimeBy(PERIOD);

        work.dispose();
        time.advanceTimeBy(PERIOD.multipliedBy(3));

        assertThat(cancelled).hasValue(1);
        assertThat(failures).isEmpty();
    }
}

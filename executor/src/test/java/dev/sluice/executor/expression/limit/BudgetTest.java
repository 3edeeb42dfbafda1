package dev.sluice.executor.expression.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class BudgetTest {

    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void allowsExactlyItsSteps() {
        for (long steps : new long[] {1, Budget.SLICE, Budget.SLICE + 1, 3L * Budget.SLICE}) {
            Budget budget = budget(steps, 1);
            for (long i = 0; i < steps; i++) {
                budget.step();
            }
            ends(Bound.STEPS, budget::step);
        }
    }

    @Test
    void countsStepsAtOnceLikeOnesByThemselves() {
        Budget budget = budget(100_000, 1);
        budget.steps(0);
        budget.steps(60_000);
        budget.steps(39_999);
        budget.step();
        ends(Bound.STEPS, budget::step);
        ends(Bound.STEPS, () -> budget(10, 1).steps(11));
        ends(Bound.STEPS, () -> budget(Long.MAX_VALUE - 1, 1).steps(Long.MAX_VALUE));
    }

    @Test
    void staysUsedUp() {
        Budget budget = budget(5, 5);
        ends(Bound.STEPS, () -> budget.steps(6));
        ends(Bound.BYTES, () -> budget.bytes(6));
        ends(Bound.BYTES, () -> budget.bytes(1));
    }

    @Test
    void allowsExactlyItsBytesAndNoSizeThatOverflowed() {
        Budget budget = budget(100, 1_000);
        budget.bytes(999);
        budget.bytes(1);
        ends(Bound.BYTES, () -> budget.bytes(1));
        ends(Bound.BYTES, () -> budget(100, 1_000).bytes(-1));
    }

    @Test
    void countsCharactersAsBytesAndSteps() {
        Budget budget = budget(3, 64);
        budget.characters(32);
        ends(Bound.BYTES, () -> budget.bytes(1));
        ends(Bound.STEPS, budget::step);
    }

    @Test
    void givesLevelsBack() {
        Budget budget = budget(1, 1);
        budget.enter(10);
        ends(Bound.DEPTH, () -> budget.enter(1));
        budget.depth(0);
        budget.leave(4);
        int left = budget.depth();
        budget.enter(3);
        budget.depth(left);
        assertThatCode(() -> budget.enter(4)).doesNotThrowAnyException();
        ends(Bound.DEPTH, () -> budget.enter(1));
    }

    @Test
    void allowsItsOutputs() {
        Budget budget = budget(1, 1);
        budget.output();
        budget.output();
        ends(Bound.OUTPUTS, budget::output);
    }

    @Test
    void endsWhenItsTimeIsOver() {
        Budget budget = new Budget(limits(Long.MAX_VALUE, 1, Duration.ofNanos(1)), () -> false);
        ends(Bound.TIME, () -> {
            while (true) {
                budget.step();
            }
        });
    }

    @Test
    void looksAtTheClockOncePerSliceAndAfterWhatWasCountedAtOnce() {
        AtomicInteger looks = new AtomicInteger();
        Budget budget = new Budget(limits(Long.MAX_VALUE, 1, LONG), () -> looks.incrementAndGet() < 0);
        for (int i = 0; i < 10 * (Budget.SLICE + 1); i++) {
            budget.step();
        }
        assertThat(looks).hasValueBetween(9, 10);
        looks.set(0);
        budget.steps(1_000_000);
        assertThat(looks).hasValue(1);
        budget.step();
        assertThat(looks).hasValue(2);
        for (int i = 1; i <= 1 << 16; i++) {
            budget.look(i);
        }
        assertThat(looks).hasValue(6);
    }

    @Test
    void endsWhenItIsCancelled() {
        Budget budget = new Budget(limits(Long.MAX_VALUE, 1, LONG), () -> true);
        ends(Bound.CANCELLED, () -> budget.steps(Budget.SLICE + 1L));
        ends(Bound.CANCELLED, () -> budget.look(0));
    }

    @Test
    void refusesLimitsThatAllowNothing() {
        assertThatThrownBy(() -> limits(0, 1, LONG)).hasMessageContaining("steps");
        assertThatThrownBy(() -> limits(1, 0, LONG)).hasMessageContaining("bytes");
        assertThatThrownBy(() -> limits(1, 1, Duration.ZERO)).hasMessageContaining("time");
    }

    private static void ends(Bound bound, ThrowingCallable work) {
        assertThatThrownBy(work)
                .asInstanceOf(type(LimitException.class))
                .extracting(LimitException::bound)
                .isEqualTo(bound);
    }

    private static Budget budget(long steps, long bytes) {
        return new Budget(limits(steps, bytes, LONG), () -> false);
    }

    private static Limits limits(long steps, long bytes, Duration time) {
        return new Limits(steps, bytes, 10, 2, 1, 1, time);
    }
}

package dev.sluice.executor.expression;

import dev.sluice.executor.expression.limit.Bound;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.limit.Limits;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What evaluations may use, said around the code they are in by whoever runs it and holding for its thread only. Where nobody has
 * said anything each evaluation has {@link #LIMITS}.
 */
public abstract sealed class Allowance {

    /**
     * Some hundredths of a second of work; memory of which each thread that evaluates may hold as much; three quarters of a thread's
     * stack of a mebibyte, below which are the engine's own calls. The time is there for a machine that stands still.
     */
    public static final Limits LIMITS = new Limits(
            2_000_000,
            64L << 20,
            (3 << 18) / Budget.STACK_BYTES_PER_LEVEL,
            1,
            64L << 20,
            Json.MAX_DEPTH,
            Duration.ofSeconds(30));

    private static final ScopedValue<Allowance> CURRENT = ScopedValue.newInstance();
    private static final Allowance UNSAID = each(LIMITS, () -> false);

    private Allowance() {}

    /**
     * Each evaluation may use all of the limits. Thread-safe.
     *
     * @param cancelled looked at now and then; once true, evaluations end with a {@link LimitException}
     */
    public static Allowance each(Limits limits, BooleanSupplier cancelled) {
        return new Each(limits, cancelled);
    }

    /** All evaluations together may use as much as one. For one use on one thread. */
    public static Allowance together(Limits limits, BooleanSupplier cancelled) {
        return new Together(limits, cancelled);
    }

    /**
     * All evaluations together may use so much of the limits' steps and bytes, look at as many values as they may take steps, and
     * take so much time from now on; one that needs more ends with {@link Unfinished}, which says nothing of the program. For one
     * use on one thread.
     */
    public static Allowance brief(Limits limits, int steps, long bytes, Duration time) {
        return new Brief(limits, steps, bytes, System.nanoTime() + time.toNanos());
    }

    /** Runs code on this thread whose evaluations have this allowance. */
    public final <T> T during(Supplier<T> code) {
        return ScopedValue.where(CURRENT, this).call(code::get);
    }

    /**
     * Work that meters itself, with what this thread's evaluations may use.
     *
     * @throws ExpressionException when it runs out of something that it would run out of again
     * @throws Unfinished          where the allowance is brief and used up
     * @throws LimitException      when it took too much time
     */
    public static <T> T metered(Function<Budget, T> work) {
        Allowance allowance = CURRENT.orElse(UNSAID);
        Budget budget = allowance.begin();
        try {
            return work.apply(budget);
        } catch (LimitException e) {
            throw allowance.exceeded(e);
        } catch (StackOverflowError e) {
            // Levels bound the stack with room to spare, as long as nobody's frames are larger than was measured.
            throw allowance.overflowed();
        } finally {
            allowance.end(budget);
        }
    }

    /** For one evaluation, which ends with {@link #end}. */
    abstract Budget begin();

    abstract void end(Budget budget);

    /** What an evaluation ends with that ran out of something. */
    abstract RuntimeException exceeded(LimitException e);

    /** What an evaluation ends with for which the thread's stack was too small. */
    abstract RuntimeException overflowed();

    private static ExpressionException failed(LimitException e) {
        return new ExpressionException(
                Objects.requireNonNullElse(e.getMessage(), e.bound().unit()));
    }

    /** What runs out is the program's affair, but for time. */
    private abstract static sealed class Whole extends Allowance {

        final Limits limits;
        final BooleanSupplier cancelled;

        Whole(Limits limits, BooleanSupplier cancelled) {
            this.limits = limits;
            this.cancelled = cancelled;
        }

        @Override
        RuntimeException exceeded(LimitException e) {
            return e.bound().isDeterministic() ? failed(e) : e;
        }

        @Override
        RuntimeException overflowed() {
            return failed(Budget.exceeded(Bound.DEPTH, limits.depth()));
        }
    }

    private static final class Each extends Whole {

        Each(Limits limits, BooleanSupplier cancelled) {
            super(limits, cancelled);
        }

        @Override
        Budget begin() {
            return new Budget(limits, cancelled);
        }

        @Override
        void end(Budget budget) {
            // The next one has all of it again.
        }
    }

    private static final class Together extends Whole {

        private long steps;
        private long bytes;

        Together(Limits limits, BooleanSupplier cancelled) {
            super(limits, cancelled);
            this.steps = limits.steps();
            this.bytes = limits.bytes();
        }

        @Override
        Budget begin() {
            if (steps <= 0 || bytes <= 0) {
                throw failed(Budget.exceeded(Bound.STEPS, limits.steps()));
            }
            return new Budget(limits, steps, bytes, cancelled);
        }

        @Override
        void end(Budget budget) {
            steps = budget.stepsLeft();
            bytes = budget.bytesLeft();
        }
    }

    private static final class Brief extends Allowance {

        private final Limits limits;
        private final long deadlineNanos;
        private long steps;
        private long bytes;
        private int visits;
        /** Steps that were left at the last look at the clock between evaluations. */
        private long looked;

        Brief(Limits limits, int steps, long bytes, long deadlineNanos) {
            this.limits = limits;
            this.steps = Math.min(steps, limits.steps());
            this.bytes = Math.min(bytes, limits.bytes());
            this.visits = steps;
            this.deadlineNanos = deadlineNanos;
            this.looked = this.steps;
        }

        @Override
        Budget begin() {
            if (steps <= 0 || bytes <= 0 || visits <= 0 || isLate()) {
                throw new Unfinished();
            }
            return new Budget(limits, steps, bytes, visits, deadlineNanos);
        }

        /** Many that are short themselves never look at the clock. */
        private boolean isLate() {
            if (looked - steps < Budget.SHORT_SLICE) {
                return false;
            }
            looked = steps;
            return System.nanoTime() - deadlineNanos >= 0;
        }

        @Override
        void end(Budget budget) {
            steps = budget.stepsLeft();
            bytes = budget.bytesLeft();
            visits = budget.visitsLeft();
        }

        @Override
        RuntimeException exceeded(LimitException e) {
            return e.bound() == Bound.DEPTH ? failed(e) : new Unfinished();
        }

        @Override
        RuntimeException overflowed() {
            return new Unfinished();
        }
    }
}

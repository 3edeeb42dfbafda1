package dev.sluice.executor.expression.limit;

import java.util.function.BooleanSupplier;

/**
 * Meters one evaluation against its limits. All loops and builtins whose work grows with their values say what they use
 * <em>before</em> they use it; the clock and a cancellation are looked at once in {@value #SLICE} steps, by a short evaluation
 * once in {@value #SHORT_SLICE}. Not thread-safe: an evaluation is on one thread.
 */
public final class Budget {

    /**
     * Bytes of Java's stack that a level takes at most, the frames of interpreted code counted, which are the largest: what
     * programs that recur in each way there is take of a thread, divided by the levels that they enter (rounded up). 1,500
     * levels fit a thread of 1 MiB with as much as a twelfth of it to spare, 100,000 one of 64 MiB.
     */
    public static final int STACK_BYTES_PER_LEVEL = 640;

    /** Steps between two looks at the clock; well under a millisecond of work. */
    static final int SLICE = 2_000;

    /** The same where somebody waits behind the thread; also steps that take a hundred times as long as others are few then. */
    public static final int SHORT_SLICE = 250;

    /** Indices of a simple loop between two looks at the clock; a power of two. */
    private static final int GLANCE = 1 << 14;

    private final Limits limits;
    private final BooleanSupplier cancelled;
    private final boolean brief;
    private long deadlineNanos;
    private boolean timed;
    /** Steps until the next look at the clock. */
    private int slice;
    /** Steps beyond this slice. */
    private long steps;

    private long bytes;
    /** Values until the next look at the clock, or until there may be no more. */
    private int visits = SLICE;

    private int depth;
    private long outputs;

    /**
     * Begins.
     *
     * @param cancelled looked at now and then; once true, the evaluation ends
     */
    public Budget(Limits limits, BooleanSupplier cancelled) {
        this(limits, limits.steps(), limits.bytes(), cancelled);
    }

    /**
     * The same with fewer steps, bytes and visits, all above zero. It is too short to be cancelled.
     *
     * @param deadlineNanos of {@link System#nanoTime}
     */
    public Budget(Limits limits, long steps, long bytes, int visits, long deadlineNanos) {
        this(limits, steps, bytes, Budget::never, true);
        this.visits = visits;
        this.deadlineNanos = deadlineNanos;
        this.timed = true;
    }

    private static boolean never() {
        return false;
    }

    /** The same with fewer steps and bytes, both above zero. */
    public Budget(Limits limits, long steps, long bytes, BooleanSupplier cancelled) {
        this(limits, steps, bytes, cancelled, false);
    }

    private Budget(Limits limits, long steps, long bytes, BooleanSupplier cancelled, boolean brief) {
        this.limits = limits;
        this.cancelled = cancelled;
        this.brief = brief;
        this.slice = (int) Math.min(most(), steps);
        this.steps = steps - slice;
        this.bytes = bytes;
        this.depth = limits.depth();
        this.outputs = limits.outputs();
    }

    /** What it meters against. */
    public Limits limits() {
        return limits;
    }

    /** Steps that are left; zero or less once they ran out. */
    public long stepsLeft() {
        return steps + slice;
    }

    /** Bytes that are left; less than zero once they ran out. */
    public long bytesLeft() {
        return bytes;
    }

    /** Visits that are left to a short evaluation; less than zero once they ran out. */
    public int visitsLeft() {
        return visits;
    }

    /**
     * A value is looked at that whoever looks at it next need not look at again. So it is no step: of those each evaluation takes as
     * many, whatever was before it.
     */
    public void visit() {
        if (--visits < 0) {
            visited();
        }
    }

    private void visited() {
        if (brief) {
            throw new LimitException(Bound.TIME, "The expression's values are too many for a short evaluation");
        }
        visits = SLICE;
        look();
    }

    /** One step. */
    public void step() {
        if (--slice < 0) {
            next(1);
        }
    }

    /** A number of steps at once, from 0; for work that takes well under a millisecond or that has been counted before. */
    public void steps(long count) {
        if (count <= slice) {
            slice -= (int) count;
        } else {
            next(count - slice);
        }
    }

    /** For a loop whose steps were counted before it began: looks at the clock at each {@value #GLANCE}th index. */
    public void look(int index) {
        if ((index & (GLANCE - 1)) == 0) {
            look();
        }
    }

    /** Values of an estimated size are about to be made. */
    public void bytes(long count) {
        bytes -= count;
        if (bytes < 0 || count < 0) {
            throw exceeded(Bound.BYTES, limits.bytes());
        }
    }

    /** Characters are about to be written or read; two bytes and a sixteenth of a step each. */
    public void characters(long count) {
        steps((count >> 4) + 1);
        bytes(count << 1);
    }

    /** Levels of calls that begin; each is ended by {@link #leave}. */
    public void enter(int levels) {
        depth -= levels;
        if (depth < 0) {
            throw exceeded(Bound.DEPTH, limits.depth());
        }
    }

    /** Levels of calls that end. */
    public void leave(int levels) {
        depth += levels;
    }

    /** How many levels are left, for {@link #depth(int)} after an error that was caught. */
    public int depth() {
        return depth;
    }

    /** Takes back what calls had entered that an error ended. */
    public void depth(int left) {
        depth = left;
    }

    /** One value leaves the program. */
    public void output() {
        if (--outputs < 0) {
            throw exceeded(Bound.OUTPUTS, limits.outputs());
        }
    }

    /** What ran out, as the error of it. */
    public static LimitException exceeded(Bound bound, long limit) {
        return new LimitException(bound, "The expression needs more than " + limit + ' ' + bound.unit());
    }

    private void next(long wanted) {
        long left = steps - wanted;
        if (left < 0 || wanted < 0) {
            throw exceeded(Bound.STEPS, limits.steps());
        }
        look();
        // What was counted at once may take a while, after which the clock is looked at again.
        slice = wanted > SLICE ? 0 : (int) Math.min(most(), left);
        steps = left - slice;
    }

    private int most() {
        return brief ? SHORT_SLICE : SLICE;
    }

    private void look() {
        if (isLate()) {
            throw new LimitException(
                    Bound.TIME,
                    "The expression took longer than " + limits.time().toMillis() + " ms");
        }
        if (cancelled.getAsBoolean()) {
            throw new LimitException(Bound.CANCELLED, "The evaluation was cancelled");
        }
    }

    /** The clock runs from the first look at it, so that a short evaluation never pays for one. */
    private boolean isLate() {
        long now = System.nanoTime();
        if (!timed) {
            timed = true;
            deadlineNanos = now + limits.time().toNanos();
        }
        return now - deadlineNanos >= 0;
    }
}

package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The variables of one call, in slots, and the closures that it was given. On one thread. */
final class Frame {

    private static final @Nullable JsonNode[] NO_SLOTS = new JsonNode[0];
    private static final Closure[] NO_CLOSURES = new Closure[0];

    private final Evaluation evaluation;
    private final @Nullable Frame outer;
    private final @Nullable JsonNode[] slots;
    private final Closure[] closures;

    /** @param outer the frame of the call within which the function is defined */
    Frame(Evaluation evaluation, @Nullable Frame outer, int slots, Closure[] closures) {
        this.evaluation = evaluation;
        this.outer = outer;
        this.slots = slots == 0 ? NO_SLOTS : new JsonNode[slots];
        this.closures = closures;
    }

    Frame(Evaluation evaluation, int slots) {
        this(evaluation, null, slots, NO_CLOSURES);
    }

    Evaluation evaluation() {
        return evaluation;
    }

    /** The frame a number of definitions further out. */
    Frame up(int hops) {
        Frame frame = this;
        for (int i = 0; i < hops; i++) {
            frame = Objects.requireNonNull(frame.outer);
        }
        return frame;
    }

    JsonNode get(int slot) {
        JsonNode value = slots[slot];
        return value == null ? unset() : value;
    }

    private static JsonNode unset() {
        throw new IllegalStateException("A variable is read before it is bound");
    }

    /** The value of a slot, or null where it has none yet. */
    @Nullable
    JsonNode peek(int slot) {
        return slots[slot];
    }

    void set(int slot, @Nullable JsonNode value) {
        slots[slot] = value;
    }

    Closure closure(int index) {
        return closures[index];
    }

    /**
     * A part of a caller's program, and the frame in which it runs. It may run within itself, when a function gives its own
     * outputs to it; each run then has to leave the variables that it binds as it found them.
     *
     * @param frame the caller's
     * @param from  first of the caller's slots that it binds
     * @param upto  the one after the last
     */
    record Closure(Node body, Frame frame, int from, int upto) {

        @Nullable
        JsonNode[] bound(Budget budget) {
            budget.steps((upto - from) >> 5);
            return from == upto ? NO_SLOTS : Arrays.copyOfRange(frame.slots, from, upto);
        }

        void restore(@Nullable JsonNode[] before) {
            System.arraycopy(before, 0, frame.slots, from, before.length);
        }
    }
}

package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.limit.Bound;
import dev.sluice.executor.expression.limit.Budget;
import java.util.Arrays;

/**
 * The way back: what there is to try yet, and what slots held before. A stack of entries of three numbers; its memory is the
 * budget's.
 */
final class Trail {

    static final int NOTHING = -1;
    private static final int ENTRY = 3;
    private static final int FIRST = 16 * ENTRY;
    private static final int MOST = 1 << 29;

    private final Budget budget;
    private final int[] slots;
    private int[] entries = new int[FIRST];
    private int size;

    Trail(int slots, Budget budget) {
        budget.bytes(4L * (slots + FIRST));
        budget.steps(slots / 16);
        this.budget = budget;
        this.slots = new int[slots];
        Arrays.fill(this.slots, NOTHING);
    }

    int slot(int index) {
        return slots[index];
    }

    /** Until what is on the trail before is tried. */
    void set(int slot, int value) {
        push(~slot, slots[slot], 0);
        slots[slot] = value;
    }

    /** Something to try, by the instruction and two numbers for it. */
    void push(int instruction, int a, int b) {
        if (size == entries.length) {
            grow();
        }
        entries[size] = instruction;
        entries[size + 1] = a;
        entries[size + 2] = b;
        size += ENTRY;
    }

    /** Goes back to what was to be tried last, after which {@link #a} and {@link #b} are its numbers; NOTHING if there is none. */
    int back() {
        while (size > 0) {
            size -= ENTRY;
            look(size);
            if (entries[size] >= 0) {
                return entries[size];
            }
            slots[~entries[size]] = entries[size + 1];
        }
        return NOTHING;
    }

    int a() {
        return entries[size + 1];
    }

    int b() {
        return entries[size + 2];
    }

    /** The size after the next entry. */
    int next() {
        return size + ENTRY;
    }

    void clear() {
        budget.steps(undo(0) / 16);
    }

    /** Goes back to an earlier size without trying anything. Gives the entries gone over. */
    int undo(int to) {
        int gone = (size - to) / ENTRY;
        while (size > to) {
            size -= ENTRY;
            look(size);
            if (entries[size] < 0) {
                slots[~entries[size]] = entries[size + 1];
            }
        }
        return gone;
    }

    /** Forgets what there is to try since an earlier size, but not what slots held. Gives the entries gone over. */
    int cut(int to) {
        int kept = to;
        for (int i = to; i < size; i += ENTRY) {
            look(i);
            if (entries[i] < 0) {
                entries[kept] = entries[i];
                entries[kept + 1] = entries[i + 1];
                kept += ENTRY;
            }
        }
        int gone = (size - to) / ENTRY;
        size = kept;
        return gone;
    }

    /** Starts and ends of so many groups, the whole counted. */
    int[] positions(int groups) {
        return Arrays.copyOf(slots, 2 * groups);
    }

    /** At sizes that few entries reach; most ways back are short. */
    private void look(int place) {
        if (place != 0) {
            budget.look(place);
        }
    }

    private void grow() {
        if (size >= MOST) {
            throw Budget.exceeded(Bound.BYTES, budget.limits().bytes());
        }
        budget.bytes(8L * size);
        budget.steps(size / 64);
        entries = Arrays.copyOf(entries, 2 * size);
    }
}

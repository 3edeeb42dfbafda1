package dev.sluice.executor.expression.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects instructions. */
final class Assembler {

    /** Jumps that are followed to find the character that must come next. */
    private static final int HOPS = 8;
    /** Loops around that are told apart, the inner ones. */
    private static final int LOOPS = 5;

    private final List<CharSet> sets = new ArrayList<>();
    private final List<Node.Place> places = new ArrayList<>();
    private final List<String> strings = new ArrayList<>();
    private final List<int[]> references = new ArrayList<>();
    private int[] op = new int[16];
    private int[] x = new int[16];
    private int[] y = new int[16];
    private int[] z = new int[16];
    private int[][] loops = new int[16][];
    private int[] around = {};
    private int size;

    int size() {
        return size;
    }

    void add(int code, int first, int second, int third) {
        if (size == op.length) {
            op = Arrays.copyOf(op, 2 * size);
            x = Arrays.copyOf(x, 2 * size);
            y = Arrays.copyOf(y, 2 * size);
            z = Arrays.copyOf(z, 2 * size);
            loops = Arrays.copyOf(loops, 2 * size);
        }
        op[size] = code;
        x[size] = first;
        y[size] = second;
        z[size] = third;
        loops[size] = around;
        size++;
    }

    void add(int code, int first, int second) {
        add(code, first, second, -1);
    }

    /** One whose targets are given later, by the index that comes back. */
    int jump(int code, int first) {
        add(code, first, 0);
        return size - 1;
    }

    /** Where JUMP goes is here. */
    void firstHere(int index) {
        x[index] = size;
    }

    /** Where SPLIT goes. */
    void targets(int index, int first, int second) {
        x[index] = first;
        y[index] = second;
    }

    /** Where an instruction goes otherwise is here. */
    void secondHere(int index) {
        y[index] = size;
    }

    /** A loop that may take nothing begins; gives what was around it, for {@link #leave}. */
    int[] enter(int slot) {
        int[] before = around;
        int kept = Math.min(before.length, LOOPS - 1);
        around = Arrays.copyOfRange(before, before.length - kept, before.length + 1);
        around[kept] = slot;
        return before;
    }

    void leave(int[] before) {
        around = before;
    }

    int place(Node.Place place) {
        places.add(place);
        return places.size() - 1;
    }

    int set(CharSet set) {
        sets.add(set);
        return sets.size() - 1;
    }

    int string(String string) {
        strings.add(string);
        return strings.size() - 1;
    }

    int reference(List<Integer> groups) {
        references.add(groups.stream().mapToInt(each -> each).toArray());
        return references.size() - 1;
    }

    Program program(int groups, int slots, int min) {
        int[] mark = new int[size];
        int marks = 0;
        boolean regular = true;
        for (int i = 0; i < size; i++) {
            if (op[i] == Op.GREEDY || op[i] == Op.LAZY) {
                peek(i);
            }
            boolean again = op[i] == Op.SPLIT || op[i] == Op.GREEDY || op[i] == Op.LAZY || op[i] == Op.POSSESSIVE;
            mark[i] = again ? marks : -1;
            marks += again ? 1 << loops[i].length : 0;
            regular &= op[i] != Op.REFERENCE && op[i] != Op.HOLD && op[i] != Op.UNLESS && op[i] != Op.BEHIND;
        }
        return new Program(
                Arrays.copyOf(op, size),
                Arrays.copyOf(x, size),
                Arrays.copyOf(y, size),
                Arrays.copyOf(z, size),
                mark,
                Arrays.copyOf(loops, size),
                marks,
                sets.toArray(CharSet[]::new),
                places.toArray(Node.Place[]::new),
                strings.toArray(String[]::new),
                references.toArray(int[][]::new),
                groups,
                slots,
                regular,
                min);
    }

    /** Where the next character is certain, and none of those repeated, only one end of them will do: as many as there are. */
    private void peek(int index) {
        int next = index + 1;
        for (int hops = 0; hops < HOPS && (op[next] == Op.SAVE || op[next] == Op.JUMP); hops++) {
            next = op[next] == Op.SAVE ? next + 1 : x[next];
        }
        if (op[next] == Op.CHARACTER) {
            z[index] = x[next];
        } else if (op[next] == Op.STRING) {
            z[index] = strings.get(x[next]).codePointAt(0);
        }
        if (z[index] >= 0 && !sets.get(x[index]).contains(z[index])) {
            op[index] = Op.POSSESSIVE;
        }
    }
}

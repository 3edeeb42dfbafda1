package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.limit.Budget;
import org.jspecify.annotations.Nullable;

/**
 * One search in one text: tries a program where a match may begin, and goes back when it fails, as Perl does. Once that takes
 * long, it notes what failed where, and tries nothing twice. Not thread-safe.
 */
final class Matcher {

    /** Steps that any search may take before failures are noted. */
    static final long EASY = 4_096;
    /** Such steps for each unit of the text, and for each that no match begins at. */
    private static final long EASY_EACH = 8;

    private static final long EASY_PASSED = 32;
    private static final long NEVER = Long.MAX_VALUE;

    static final CharSet NEWLINES = CharSet.of('\n', '\r', 0x85, 0x85, 0x2028, 0x2029);

    private final Program program;
    private final Flags flags;
    private final String text;
    private final int from;
    private final Meter meter;
    private final Runs runs;
    private final Trail trail;
    private final long patience;
    /** Steps after which failures are noted. */
    private long easy;

    private @Nullable Visited visited;
    private int start;
    private int pc;
    private int pos;
    private int best = -1;
    private int @Nullable [] found;

    /** The patience is EASY, apart from tests. */
    Matcher(Program program, Flags flags, String text, int from, Budget budget, long patience) {
        this.program = program;
        this.flags = flags;
        this.text = text;
        this.from = from;
        this.meter = new Meter(budget);
        this.runs = new Runs(text, meter);
        this.trail = new Trail(program.slots(), budget);
        this.patience = patience;
        // With the flag l, a match that is not longer counts as a failure, and what led to one that is does not.
        this.easy = program.regular() && !flags.longest() ? 0 : NEVER;
    }

    /** Tries where it may begin, from the first such place on. */
    @Nullable
    Match find(Starts starts, int first) {
        int last = text.length() - program.min();
        int at = first;
        while (at >= 0 && at <= last && (!matches(at) || flags.longest())) {
            meter.tick();
            at = starts.next(text, at == text.length() ? at + 1 : runs.after(at), from, meter.budget());
        }
        meter.tell();
        return found == null ? null : new Match(found);
    }

    private boolean matches(int at) {
        start = at;
        begin();
        if (easy != NEVER) {
            easy = patience + EASY_EACH * (text.length() - from) + EASY_PASSED * (start - from);
        }
        while (true) {
            meter.tick();
            if (meter.told() > easy) {
                note();
            }
            int op = program.op()[pc];
            boolean on = op == Op.MATCH ? accept() : execute(op);
            if (on && op == Op.MATCH) {
                return true;
            }
            if (!on && !back()) {
                return false;
            }
        }
    }

    private void begin() {
        trail.clear();
        trail.set(0, start);
        pc = 0;
        pos = start;
    }

    /** Begins anew, with notes, if there is memory for them. */
    private void note() {
        easy = NEVER;
        visited = Visited.of(program.marks(), text.length() + 1, meter.budget());
        if (visited != null) {
            begin();
        }
    }

    private boolean accept() {
        if ((flags.notEmpty() && pos == start) || (flags.longest() && pos - start <= best)) {
            return false;
        }
        best = pos - start;
        int groups = program.groups() + 1;
        meter.budget().bytes(8L * groups + 32);
        meter.passed(groups);
        int[] positions = trail.positions(groups);
        positions[1] = pos;
        // What looks ahead may have moved the begin beyond the end.
        positions[0] = Math.min(positions[0], pos);
        found = positions;
        return true;
    }

    private boolean execute(int op) {
        int x = program.x()[pc];
        int y = program.y()[pc];
        return switch (op) {
            case Op.CHARACTER -> pos < text.length() && text.codePointAt(pos) == x && goOn(runs.after(pos));
            case Op.STRING -> string(program.strings()[x]);
            case Op.SET -> runs.has(program.sets()[x], pos) && goOn(runs.after(pos));
            case Op.GREEDY -> isNew() && greedy(program.sets()[x], y);
            case Op.LAZY -> isNew() && tryLater(pc + 1, pc, pos, y);
            case Op.POSSESSIVE -> isNew() && possessive(program.sets()[x], y);
            case Op.EXACTLY -> goOn(runs.exactly(program.sets()[x], pos, y));
            case Op.SPLIT -> isNew() && tryLater(x, y, pos, Trail.NOTHING);
            case Op.JUMP -> goTo(x);
            case Op.SAVE -> save(x, pos);
            case Op.LOOP_END -> goTo(trail.slot(x) == pos ? y : pc + 1);
            case Op.AT -> Places.holds(program.places()[x], text, pos, from) && goTo(pc + 1);
            case Op.REFERENCE -> goOn(reference(program.references()[x], y == 1));
            case Op.NEWLINE -> newline();
            case Op.HOLD -> save(x, trail.next());
            case Op.CUT -> cut(x, pos);
            case Op.LOOK_END -> cut(x + 1, trail.slot(x));
            case Op.UNLESS -> unless(x, y);
            case Op.UNLESS_END -> unlessEnd(x);
            case Op.BEHIND -> behind(x, y);
            case Op.BEHIND_END -> trail.slot(x) == pos && cut(x + 1, pos);
            default -> throw new IllegalStateException("No instruction: " + op);
        };
    }

    /** With the next instruction, at a position; not if that is -1. */
    private boolean goOn(int position) {
        pos = position;
        pc++;
        return position >= 0;
    }

    private boolean goTo(int instruction) {
        pc = instruction;
        return true;
    }

    /** Goes on with one instruction, and when that fails, with a later one. */
    private boolean tryLater(int instruction, int later, int a, int b) {
        trail.push(later, a, b);
        pc = instruction;
        return true;
    }

    private boolean isNew() {
        if (visited == null) {
            return true;
        }
        int state = 0;
        for (int slot : program.loops()[pc]) {
            state = 2 * state + (trail.slot(slot) == pos ? 1 : 0);
        }
        return visited.add(program.mark()[pc] + state, pos);
    }

    private boolean save(int slot, int value) {
        trail.set(slot, value);
        pc++;
        return true;
    }

    private boolean string(String string) {
        meter.passed(string.length());
        return text.startsWith(string, pos) && goOn(pos + string.length());
    }

    private boolean greedy(CharSet set, int most) {
        // One by one, as each position is one to note.
        if (visited != null && most == Node.UNBOUNDED) {
            if (!runs.has(set, pos)) {
                return goTo(pc + 1);
            }
            trail.push(pc + 1, pos, Trail.NOTHING);
            pos = runs.after(pos);
            return true;
        }
        int end = runs.end(set, pos, most);
        if (end > pos) {
            trail.push(pc, pos, end);
        }
        return goOn(end);
    }

    private boolean possessive(CharSet set, int most) {
        if (visited != null && most == Node.UNBOUNDED) {
            if (!runs.has(set, pos)) {
                return goTo(pc + 1);
            }
            pos = runs.after(pos);
            return true;
        }
        return goOn(runs.end(set, pos, most));
    }

    /** Goes on with what was left to try last; whether there was something. */
    private boolean back() {
        boolean on = false;
        int instruction = trail.back();
        while (!on && instruction != Trail.NOTHING) {
            pc = instruction;
            pos = trail.a();
            int rest = trail.b();
            on = rest == Trail.NOTHING || again(rest);
            if (!on) {
                meter.tick();
                instruction = trail.back();
            }
        }
        return on;
    }

    private boolean again(int rest) {
        return switch (program.op()[pc]) {
            case Op.GREEDY -> giveBack(pos, rest);
            case Op.LAZY -> takeMore(rest);
            default -> stepBack(rest);
        };
    }

    private boolean giveBack(int least, int end) {
        int at = runs.earlier(least, end, program.z()[pc]);
        if (at > least) {
            trail.push(pc, least, at);
        }
        return goOn(at);
    }

    private boolean takeMore(int most) {
        CharSet set = program.sets()[program.x()[pc]];
        boolean endless = most == Node.UNBOUNDED;
        int next = visited == null ? program.z()[pc] : -1;
        int count = 0;
        do {
            if (!runs.has(set, pos)) {
                return false;
            }
            pos = runs.after(pos);
            if (++count % 16 == 0) {
                meter.passed(16);
            }
        } while (next >= 0 && count < most && pos < text.length() && text.codePointAt(pos) != next);
        if (endless && !isNew()) {
            return false;
        }
        int rest = endless ? most : most - count;
        return rest > 0 ? tryLater(pc + 1, pc, pos, rest) : goTo(pc + 1);
    }

    private boolean cut(int slot, int position) {
        meter.passed(4 * trail.cut(trail.slot(slot)));
        return goOn(position);
    }

    private boolean unless(int slot, int otherwise) {
        trail.set(slot, trail.next());
        return tryLater(pc + 1, otherwise, pos, Trail.NOTHING);
    }

    /** What must not match did: as if it had not been tried, apart from failing. */
    private boolean unlessEnd(int slot) {
        meter.passed(trail.undo(trail.slot(slot)));
        return false;
    }

    private boolean behind(int slot, int back) {
        int at = runs.back(pos, back);
        if (at < 0) {
            return false;
        }
        trail.set(slot, pos);
        trail.set(slot + 1, trail.next());
        if (back < program.z()[pc]) {
            trail.push(pc, at, back);
        }
        return goOn(at);
    }

    private boolean stepBack(int before) {
        pos = runs.back(pos, 1);
        if (pos >= 0 && before + 1 < program.z()[pc]) {
            trail.push(pc, pos, before + 1);
        }
        return goOn(pos);
    }

    private boolean newline() {
        return runs.has(NEWLINES, pos) && goOn(text.startsWith("\r\n", pos) ? pos + 2 : pos + 1);
    }

    private int reference(int[] groups, boolean fold) {
        int to = -1;
        for (int i = 0; i < groups.length && to < 0; i++) {
            int begin = trail.slot(2 * groups[i]);
            int end = trail.slot(2 * groups[i] + 1);
            if (begin >= 0 && end >= begin) {
                to = fold ? runs.folded(begin, end, pos) : runs.same(begin, end, pos);
            }
        }
        return to;
    }
}

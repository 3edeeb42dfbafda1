package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.regex.Node.Greed;
import java.util.List;

/** Makes instructions of a parsed pattern. */
final class Compiler {

    private static final int INSTRUCTIONS = 50_000;
    /** Parts and characters gone over, repeated ones as often as they are repeated. */
    private static final int PARTS = 200_000;
    /** Steps of a character in all cases. */
    private static final int FOLDED = 8;
    /** Of an instruction and what it refers to. */
    private static final int BYTES = 40;

    private final Assembler code = new Assembler();
    private final Source source;
    private final Budget budget;
    private final int registers;
    private int parts;

    private Compiler(Source source, Budget budget, int registers) {
        this.source = source;
        this.budget = budget;
        this.registers = registers;
    }

    /** Throws RegexException for a pattern that would be too big. */
    static Program compile(String pattern, RegexParser.Parsed parsed, Budget budget) {
        int groups = parsed.names().size();
        int registers = 2 * (groups + 1);
        Compiler compiler = new Compiler(new Source(pattern), budget, registers);
        compiler.emit(parsed.node());
        compiler.code.add(Op.MATCH, 0, 0);
        budget.bytes((long) BYTES * compiler.code.size());
        return compiler.code.program(
                groups, registers + parsed.registers(), parsed.node().min());
    }

    private void emit(Node node) {
        count(1);
        switch (node) {
            case Node.Empty empty -> {}
            case Node.At at -> code.add(Op.AT, code.place(at.place()), 0);
            case Node.Keep keep -> code.add(Op.SAVE, 0, 0);
            case Node.Newline newline -> code.add(Op.NEWLINE, 0, 0);
            case Node.Literal literal -> literal(literal);
            case Node.OneOf oneOf -> code.add(Op.SET, code.set(oneOf.set()), 0);
            case Node.Reference back -> code.add(Op.REFERENCE, code.reference(back.groups()), back.fold() ? 1 : 0);
            case Node.Sequence sequence -> sequence(sequence.nodes());
            case Node.Choice choice -> choice(choice.nodes());
            case Node.Capture capture -> {
                code.add(Op.SAVE, 2 * capture.group(), 0);
                emit(capture.node());
                code.add(Op.SAVE, 2 * capture.group() + 1, 0);
            }
            case Node.Atomic atomic -> {
                code.add(Op.HOLD, registers + atomic.register(), 0);
                emit(atomic.node());
                code.add(Op.CUT, registers + atomic.register(), 0);
            }
            case Node.Look look -> look(look, registers + look.register());
            case Node.Repeat repeat -> repeat(repeat);
        }
    }

    private void count(int more) {
        budget.steps(more);
        parts += more;
        if (parts > PARTS || code.size() > INSTRUCTIONS) {
            throw source.invalid(
                    "too big: its repetitions written out have more than " + INSTRUCTIONS + " instructions");
        }
    }

    private void literal(Node.Literal literal) {
        if (literal.fold()) {
            budget.steps(FOLDED);
            code.add(Op.SET, code.set(literal.set()), 0);
        } else {
            code.add(Op.CHARACTER, literal.character(), 0);
        }
    }

    private void sequence(List<Node> nodes) {
        StringBuilder run = new StringBuilder();
        for (int i = 0; i < nodes.size(); i++) {
            run.setLength(0);
            int end = i;
            while (end < nodes.size() && nodes.get(end) instanceof Node.Literal literal && Starts.isPlain(literal)) {
                run.appendCodePoint(literal.character());
                end++;
            }
            if (end > i + 1) {
                count(end - i);
                code.add(Op.STRING, code.string(run.toString()), 0);
                i = end - 1;
            } else {
                emit(nodes.get(i));
            }
        }
    }

    private void choice(List<Node> nodes) {
        int[] ends = new int[nodes.size() - 1];
        for (int i = 0; i < ends.length; i++) {
            int split = code.jump(Op.SPLIT, code.size() + 1);
            emit(nodes.get(i));
            ends[i] = code.jump(Op.JUMP, 0);
            code.secondHere(split);
        }
        emit(nodes.getLast());
        for (int end : ends) {
            code.firstHere(end);
        }
    }

    private void look(Node.Look look, int slot) {
        int unless = look.negative() ? code.jump(Op.UNLESS, slot) : -1;
        if (look.behind()) {
            Node node = look.node();
            int own = look.negative() ? slot + 1 : slot;
            code.add(Op.BEHIND, own, node.min(), node.max());
            emit(node);
            code.add(Op.BEHIND_END, own, 0);
        } else if (look.negative()) {
            emit(look.node());
        } else {
            code.add(Op.SAVE, slot, 0);
            code.add(Op.HOLD, slot + 1, 0);
            emit(look.node());
            code.add(Op.LOOK_END, slot, 0);
        }
        if (look.negative()) {
            code.add(Op.UNLESS_END, slot, 0);
            code.secondHere(unless);
        }
    }

    private void repeatOne(Node.Repeat repeat, CharSet set) {
        int index = code.set(set);
        if (repeat.least() == 1) {
            code.add(Op.SET, index, 0);
        } else if (repeat.least() > 1) {
            code.add(Op.EXACTLY, index, repeat.least());
        }
        int most = repeat.most() == Node.UNBOUNDED ? repeat.most() : repeat.most() - repeat.least();
        if (most > 0) {
            code.add(
                    switch (repeat.greed()) {
                        case GREEDY -> Op.GREEDY;
                        case LAZY -> Op.LAZY;
                        case POSSESSIVE -> Op.POSSESSIVE;
                    },
                    index,
                    most);
        }
    }

    private void repeat(Node.Repeat repeat) {
        if (repeat.node() instanceof Node.Single single) {
            repeatOne(repeat, single.set());
            return;
        }
        boolean endless = repeat.most() == Node.UNBOUNDED;
        int copies = endless ? Math.max(0, repeat.least() - 1) : repeat.least();
        for (int i = 0; i < copies; i++) {
            emit(repeat.node());
        }
        if (endless) {
            loop(repeat);
        } else {
            optional(repeat, repeat.most() - repeat.least());
        }
    }

    /** One time at least where one was left over for that. */
    private void loop(Node.Repeat repeat) {
        int slot = registers + repeat.register();
        boolean mayBeEmpty = repeat.node().min() == 0;
        int enter = repeat.least() == 0 ? split() : -1;
        int start = code.size();
        if (mayBeEmpty) {
            code.add(Op.SAVE, slot, 0);
            int[] around = code.enter(slot);
            emit(repeat.node());
            code.leave(around);
        } else {
            emit(repeat.node());
        }
        int empty = mayBeEmpty ? code.jump(Op.LOOP_END, slot) : -1;
        int again = split();
        patch(again, repeat, start, code.size());
        if (enter >= 0) {
            patch(enter, repeat, enter + 1, code.size());
        }
        if (empty >= 0) {
            code.secondHere(empty);
        }
    }

    private void optional(Node.Repeat repeat, int times) {
        int[] splits = new int[times];
        for (int i = 0; i < times; i++) {
            splits[i] = split();
            emit(repeat.node());
        }
        for (int split : splits) {
            patch(split, repeat, split + 1, code.size());
        }
    }

    private int split() {
        return code.jump(Op.SPLIT, 0);
    }

    private void patch(int split, Node.Repeat repeat, int body, int out) {
        boolean lazy = repeat.greed() == Greed.LAZY;
        code.targets(split, lazy ? out : body, lazy ? body : out);
    }
}

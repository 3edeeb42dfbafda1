package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.value.Numbers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code label $name | body}: outputs until the body breaks out. */
final class Labelled extends Node {

    private final int slot;
    private final Node body;

    Labelled(int slot, Node body) {
        super(2 + body.height(), 2 + body.pathsHeight());
        this.slot = slot;
        this.body = body;
    }

    @Override
    int run(Frame frame, JsonNode in, Sink out) {
        int depth = budget(frame).depth();
        long mark = mark(frame);
        try {
            return body.run(frame, in, out);
        } catch (Broken e) {
            return e.ended(mark, frame, depth);
        }
    }

    @Override
    int paths(Frame frame, Path path, JsonNode in, PathSink out) {
        int depth = budget(frame).depth();
        long mark = mark(frame);
        try {
            return body.paths(frame, path, in, out);
        } catch (Broken e) {
            return e.ended(mark, frame, depth);
        }
    }

    private long mark(Frame frame) {
        long mark = frame.evaluation().label();
        frame.set(slot, Numbers.of(mark));
        return mark;
    }

    /** {@code break $name} */
    static final class Break extends Scalar {

        private final int hops;
        private final int slot;

        Break(int hops, int slot) {
            super(1);
            this.hops = hops;
            this.slot = slot;
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            throw new Broken(frame.up(hops).get(slot).longValue());
        }
    }

    /** On its way to a label; no error, so that nothing catches it. */
    private static final class Broken extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final long mark;

        Broken(long mark) {
            super(null, null, false, false);
            this.mark = mark;
        }

        int ended(long reached, Frame frame, int depth) {
            if (reached != mark) {
                throw this;
            }
            budget(frame).depth(depth);
            return GO;
        }
    }
}

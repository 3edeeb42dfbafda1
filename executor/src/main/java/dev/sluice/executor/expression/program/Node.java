package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import tools.jackson.databind.JsonNode;

/**
 * A compiled part of a program. It pushes its outputs to a sink and goes on, or not, as the sink says; evaluation is thus
 * nested as deep as parts consume each other, which {@link #height} tells beforehand. Immutable; all that changes is in the
 * frame.
 */
abstract class Node {

    /** The consumer wants more. */
    static final int GO = 0;

    /** The consumer wants no more; whoever asked it to stop knows why. */
    static final int STOP = 1;

    /** The rest is a call that the evaluation holds, which whoever called this function makes in its place. */
    static final int TAIL = 2;

    private final int height;
    private final int pathsHeight;

    /** With the levels of Java's stack that {@link #run} takes at most, calls not counted, and {@link #paths} beyond them one. */
    Node(int height) {
        this(height, height + 1);
    }

    /** With the levels that {@link #run} takes at most, and those that {@link #paths} takes. */
    Node(int height, int pathsHeight) {
        this.height = height;
        this.pathsHeight = pathsHeight;
    }

    /** Gives the outputs for an input. */
    abstract int run(Frame frame, JsonNode in, Sink out);

    /** Gives the outputs for an input that a path leads to, each with its own path. Never {@link #TAIL}. */
    abstract int paths(Frame frame, Path path, JsonNode in, PathSink out);

    final int height() {
        return height;
    }

    /** Levels that {@link #paths} takes: there, even one output goes on within a sink. */
    final int pathsHeight() {
        return pathsHeight;
    }

    /** Whether its outputs depend on nothing. */
    boolean isConstant() {
        return false;
    }

    /** Whether nothing of its input is in its outputs, so that whoever has the only reference to that input keeps it. */
    boolean isDetached() {
        return false;
    }

    static int tallest(Node... nodes) {
        int tallest = 0;
        for (Node node : nodes) {
            tallest = Math.max(tallest, node.height);
        }
        return tallest;
    }

    static int tallestPaths(Node... nodes) {
        int tallest = 0;
        for (Node node : nodes) {
            tallest = Math.max(tallest, node.pathsHeight);
        }
        return tallest;
    }

    /** For parts that run within each other's sinks. */
    static int stacked(Node... nodes) {
        int sum = 0;
        for (Node node : nodes) {
            sum += node.height;
        }
        return sum;
    }

    static Budget budget(Frame frame) {
        return frame.evaluation().budget();
    }
}

package dev.sluice.executor.expression.program;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A node that has at most one output, which it returns: most of what programs consist of, and without any sink. */
abstract class Scalar extends Node {

    /** Returned in place of an output where {@link #run} would return {@link #TAIL}. */
    static final JsonNode REST = MissingNode.getInstance();

    Scalar(int height) {
        super(height);
    }

    Scalar(int height, int pathsHeight) {
        super(height, pathsHeight);
    }

    /** The output; null for none. */
    abstract @Nullable JsonNode one(Frame frame, JsonNode in);

    @Override
    int run(Frame frame, JsonNode in, Sink out) {
        JsonNode value = one(frame, in);
        if (value == null) {
            return GO;
        }
        return value.isMissingNode() ? TAIL : out.accept(value);
    }

    /** For those that make values; those that find them say where. */
    @Override
    int paths(Frame frame, Path path, JsonNode in, PathSink out) {
        JsonNode value = one(frame, in);
        return value == null ? GO : out.accept(path.to(value, in), value);
    }
}

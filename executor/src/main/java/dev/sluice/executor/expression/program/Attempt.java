package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.value.JqException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code try body catch handler}. Errors of the body are caught, those of whoever consumes its outputs are not. */
final class Attempt extends Node {

    /** Bytes of a message; longer ones are counted where they are made. */
    private static final int MESSAGE = 200;

    private final Node body;
    private final Node handler;

    private Attempt(Node body, Node handler) {
        super(3 + tallest(body, handler), 3 + tallestPaths(body, handler));
        this.body = body;
        this.handler = handler;
    }

    static Node of(Node body, Node handler) {
        return body instanceof Scalar one && handler instanceof Scalar other
                ? new One(one, other)
                : new Attempt(body, handler);
    }

    @Override
    int run(Frame frame, JsonNode in, Sink out) {
        int depth = budget(frame).depth();
        Passing.Owner owner = new Passing.Owner();
        JsonNode error;
        try {
            return body.run(frame, in, owner.passing(out));
        } catch (Passing e) {
            throw owner.unpacked(e);
        } catch (JqException e) {
            error = caught(e, frame);
        }
        budget(frame).depth(depth);
        return handler.run(frame, error, out);
    }

    @Override
    int paths(Frame frame, Path path, JsonNode in, PathSink out) {
        int depth = budget(frame).depth();
        Passing.Owner owner = new Passing.Owner();
        JsonNode error;
        try {
            return body.paths(frame, path, in, owner.passing(out));
        } catch (Passing e) {
            throw owner.unpacked(e);
        } catch (JqException e) {
            error = caught(e, frame);
        }
        budget(frame).depth(depth);
        return handler.paths(frame, Path.NONE, error, out);
    }

    /** What a program gets of an error, which was made for it without being counted. */
    private static JsonNode caught(JqException error, Frame frame) {
        budget(frame).step();
        budget(frame).bytes(MESSAGE);
        return error.value();
    }

    /** With one output at most, there is nobody in between. */
    private static final class One extends Scalar {

        private final Scalar body;
        private final Scalar handler;
        private final Attempt paths;

        One(Scalar body, Scalar handler) {
            super(1 + tallest(body, handler), 4 + tallestPaths(body, handler));
            this.body = body;
            this.handler = handler;
            this.paths = new Attempt(body, handler);
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            int depth = budget(frame).depth();
            JsonNode error;
            try {
                return body.one(frame, in);
            } catch (JqException e) {
                error = caught(e, frame);
            }
            budget(frame).depth(depth);
            return handler.one(frame, error);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return paths.paths(frame, path, in, out);
        }
    }
}

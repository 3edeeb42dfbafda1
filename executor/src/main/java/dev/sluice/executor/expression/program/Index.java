package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.value.Access;
import dev.sluice.executor.expression.value.JqException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code target[key]}: for each key, each target. */
final class Index extends Node {

    private final Node target;
    private final Node key;
    private final int at;

    private Index(Node target, Node key, int at) {
        super(2 + stacked(target, key), 3 + target.pathsHeight() + key.height());
        this.target = target;
        this.key = key;
        this.at = at;
    }

    static Node of(Node target, Node key, int at) {
        if (target instanceof Scalar scalar
                && key instanceof Leaves.Constant name
                && name.value().isString()) {
            return Fields.of(scalar, name.value().stringValue(), at);
        }
        return target instanceof Scalar scalar && key instanceof Scalar scalarKey
                ? new One(scalar, scalarKey, at)
                : new Index(target, key, at);
    }

    @Override
    int run(Frame frame, JsonNode in, Sink out) {
        return key.run(
                frame, in, wanted -> target.run(frame, in, value -> out.accept(found(frame, value, wanted, at))));
    }

    @Override
    int paths(Frame frame, Path path, JsonNode in, PathSink out) {
        return key.run(
                frame,
                in,
                wanted -> target.paths(frame, path, in, (found, value) -> step(frame, found, value, wanted, at, out)));
    }

    /** One step of a path. */
    static int step(Frame frame, Path path, JsonNode value, JsonNode key, int at, PathSink out) {
        if (!path.isSome()) {
            throw PathErrors.accessed(value, key).at(at);
        }
        return out.accept(path.then(key, budget(frame)), found(frame, value, key, at));
    }

    private static JsonNode found(Frame frame, JsonNode value, JsonNode key, int at) {
        try {
            return Access.at(value, key, budget(frame));
        } catch (JqException e) {
            throw e.at(at);
        }
    }

    /** With one target and one key. */
    private static final class One extends Scalar {

        private final Scalar target;
        private final Scalar key;
        private final int at;

        One(Scalar target, Scalar key, int at) {
            super(2 + tallest(target, key), 3 + Math.max(target.pathsHeight(), key.height()));
            this.target = target;
            this.key = key;
            this.at = at;
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode wanted = key.one(frame, in);
            JsonNode value = wanted == null ? null : target.one(frame, in);
            return value == null || wanted == null ? null : found(frame, value, wanted, at);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            JsonNode wanted = key.one(frame, in);
            return wanted == null
                    ? GO
                    : target.paths(frame, path, in, (found, value) -> step(frame, found, value, wanted, at, out));
        }
    }

    /** {@code target[from:upto]}: for each beginning, each end, each target. */
    static final class Part extends Node {

        private final Node target;
        private final Node from;
        private final Node upto;
        private final int at;

        private Part(Node target, Node from, Node upto, int at) {
            super(3 + stacked(target, from, upto), 4 + target.pathsHeight() + stacked(from, upto));
            this.target = target;
            this.from = from;
            this.upto = upto;
            this.at = at;
        }

        static Node of(Node target, Node from, Node upto, int at) {
            return target instanceof Scalar one && from instanceof Scalar start && upto instanceof Scalar end
                    ? new OnePart(one, start, end, at)
                    : new Part(target, from, upto, at);
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            return from.run(
                    frame,
                    in,
                    start -> upto.run(
                            frame,
                            in,
                            end -> target.run(
                                    frame, in, value -> out.accept(OnePart.sliced(frame, value, start, end, at)))));
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return from.run(
                    frame,
                    in,
                    start -> upto.run(
                            frame,
                            in,
                            end -> target.paths(
                                    frame,
                                    path,
                                    in,
                                    (found, value) -> step(
                                            frame,
                                            found,
                                            value,
                                            Access.sliceKey(start, end, budget(frame)),
                                            at,
                                            out))));
        }
    }

    /** One slice. */
    private static final class OnePart extends Scalar {

        private final Scalar target;
        private final Scalar from;
        private final Scalar upto;
        private final Part paths;
        private final int at;

        OnePart(Scalar target, Scalar from, Scalar upto, int at) {
            super(2 + tallest(target, from, upto), 5 + target.pathsHeight() + stacked(from, upto));
            this.target = target;
            this.from = from;
            this.upto = upto;
            this.paths = new Part(target, from, upto, at);
            this.at = at;
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode start = from.one(frame, in);
            JsonNode end = start == null ? null : upto.one(frame, in);
            JsonNode value = end == null ? null : target.one(frame, in);
            return value == null || start == null || end == null ? null : sliced(frame, value, start, end, at);
        }

        static JsonNode sliced(Frame frame, JsonNode value, JsonNode start, JsonNode end, int at) {
            try {
                return Access.slice(value, start, end, budget(frame));
            } catch (JqException e) {
                throw e.at(at);
            }
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return paths.paths(frame, path, in, out);
        }
    }
}

package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.value.Access;
import dev.sluice.executor.expression.value.JqException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code target[key]}: for each key, each target. */
final class Index extends Node {

    private final Node target;
    private final Node key;
    private final Spot spot;

    private Index(Node target, Node key, Spot spot) {
        super(2 + stacked(target, key), 3 + target.pathsHeight() + key.height());
        this.target = target;
        this.key = key;
        this.spot = spot;
    }

    static Node of(Node target, Node key, Spot spot) {
        if (!spot.optional()
                && target instanceof Scalar scalar
                && key instanceof Leaves.Constant name
                && name.value().isString()) {
            return Fields.of(scalar, name.value().stringValue(), spot.at());
        }
        return target instanceof Scalar scalar && key instanceof Scalar scalarKey
                ? new One(scalar, scalarKey, spot)
                : new Index(target, key, spot);
    }

    @Override
    int run(Frame frame, JsonNode in, Sink out) {
        return key.run(
                frame, in, wanted -> target.run(frame, in, value -> given(found(frame, value, wanted, spot), out)));
    }

    @Override
    int paths(Frame frame, Path path, JsonNode in, PathSink out) {
        return key.run(
                frame,
                in,
                wanted ->
                        target.paths(frame, path, in, (found, value) -> step(frame, found, value, wanted, spot, out)));
    }

    /** One step of a path. */
    static int step(Frame frame, Path path, JsonNode value, JsonNode key, Spot spot, PathSink out) {
        if (!path.isSome()) {
            throw PathErrors.accessed(value, key).at(spot.at());
        }
        JsonNode found = found(frame, value, key, spot);
        return found == null ? GO : out.accept(path.then(key, budget(frame)), found);
    }

    private static int given(@Nullable JsonNode found, Sink out) {
        return found == null ? GO : out.accept(found);
    }

    private static @Nullable JsonNode found(Frame frame, JsonNode value, JsonNode key, Spot spot) {
        try {
            return Access.at(value, key, budget(frame));
        } catch (JqException e) {
            return spot.missed(e);
        }
    }

    /** Whether a node is {@code .[key]} with a key that is not made of the input. */
    static boolean isOfInput(Node node) {
        return node instanceof One index && index.target == Leaves.Identity.NODE && index.key.isDetached();
    }

    /** With one target and one key. */
    private static final class One extends Scalar {

        private final Scalar target;
        private final Scalar key;
        private final Spot spot;

        One(Scalar target, Scalar key, Spot spot) {
            super(2 + tallest(target, key), 3 + Math.max(target.pathsHeight(), key.height()));
            this.target = target;
            this.key = key;
            this.spot = spot;
        }

        @Override
        boolean isDetached() {
            return target.isDetached() && key.isDetached();
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode wanted = key.one(frame, in);
            JsonNode value = wanted == null ? null : target.one(frame, in);
            return value == null || wanted == null ? null : found(frame, value, wanted, spot);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            JsonNode wanted = key.one(frame, in);
            return wanted == null
                    ? GO
                    : target.paths(frame, path, in, (found, value) -> step(frame, found, value, wanted, spot, out));
        }
    }

    /** {@code target[from:upto]}: for each beginning, each end, each target. */
    static final class Part extends Node {

        private final Node target;
        private final Node from;
        private final Node upto;
        private final Spot spot;

        private Part(Node target, Node from, Node upto, Spot spot) {
            super(3 + stacked(target, from, upto), 4 + target.pathsHeight() + stacked(from, upto));
            this.target = target;
            this.from = from;
            this.upto = upto;
            this.spot = spot;
        }

        static Node of(Node target, Node from, Node upto, Spot spot) {
            return target instanceof Scalar one && from instanceof Scalar start && upto instanceof Scalar end
                    ? new OnePart(one, start, end, spot)
                    : new Part(target, from, upto, spot);
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
                                    frame, in, value -> given(OnePart.sliced(frame, value, start, end, spot), out))));
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
                                            spot,
                                            out))));
        }
    }

    /** One slice. */
    private static final class OnePart extends Scalar {

        private final Scalar target;
        private final Scalar from;
        private final Scalar upto;
        private final Part paths;
        private final Spot spot;

        OnePart(Scalar target, Scalar from, Scalar upto, Spot spot) {
            super(2 + tallest(target, from, upto), 5 + target.pathsHeight() + stacked(from, upto));
            this.target = target;
            this.from = from;
            this.upto = upto;
            this.paths = new Part(target, from, upto, spot);
            this.spot = spot;
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode start = from.one(frame, in);
            JsonNode end = start == null ? null : upto.one(frame, in);
            JsonNode value = end == null ? null : target.one(frame, in);
            return value == null || start == null || end == null ? null : sliced(frame, value, start, end, spot);
        }

        static @Nullable JsonNode sliced(Frame frame, JsonNode value, JsonNode start, JsonNode end, Spot spot) {
            try {
                return Access.slice(value, start, end, budget(frame));
            } catch (JqException e) {
                return spot.missed(e);
            }
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return paths.paths(frame, path, in, out);
        }
    }

    /**
     * Where an access is.
     *
     * @param optional whether it gives nothing where it fails; what it is an access to may fail all the same
     */
    record Spot(int at, boolean optional) {
        @Nullable
        JsonNode missed(JqException error) {
            if (optional) {
                return null;
            }
            throw error.at(at);
        }
    }
}

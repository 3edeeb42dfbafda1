package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.value.Edits;
import dev.sluice.executor.expression.value.Values;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code reduce} and {@code foreach}: a state that each value of a source changes. An update without output leaves null. */
final class Fold {

    private Fold() {}

    static Node reduce(Node source, Take pattern, Node init, Node update) {
        return init instanceof Scalar one
                ? new OneReduce(source, pattern, one, update)
                : new Reduce(source, pattern, init, update);
    }

    /** For each beginning. */
    private static final class Reduce extends Node {

        private final Node source;
        private final Take pattern;
        private final Node init;
        private final Node update;
        private final boolean growing;

        Reduce(Node source, Take pattern, Node init, Node update) {
            super(
                    4 + pattern.height() + stacked(init, source, update),
                    5 + pattern.height() + init.pathsHeight() + source.height() + update.pathsHeight());
            this.source = source;
            this.pattern = pattern;
            this.init = init;
            this.update = update;
            this.growing = update instanceof Growing changing && changing.grows();
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            return init.run(frame, in, start -> out.accept(result(frame, in, start)));
        }

        private JsonNode result(Frame frame, JsonNode in, JsonNode start) {
            State state = new State(start);
            if (growing) {
                state.edits = new Edits(budget(frame));
            }
            int flow = source.run(frame, in, value -> {
                if (pattern instanceof Take.Name name) {
                    frame.set(name.slot(), value);
                    return state.update(frame, update);
                }
                return pattern.bind(frame, value, () -> state.update(frame, update));
            });
            assert flow == GO;
            return state.value;
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return init.paths(frame, path, in, (found, start) -> {
                State state = new State(start);
                state.path = found;
                int flow = source.run(
                        frame, in, value -> pattern.bind(frame, value, () -> state.updatePath(frame, update)));
                assert flow == GO;
                return out.accept(state.path, state.value);
            });
        }
    }

    /** With one beginning. */
    private static final class OneReduce extends Scalar {

        private final Reduce reduce;
        private final Scalar init;

        OneReduce(Node source, Take pattern, Scalar init, Node update) {
            super(
                    4 + pattern.height() + stacked(init, source, update),
                    6 + pattern.height() + init.pathsHeight() + source.height() + update.pathsHeight());
            this.reduce = new Reduce(source, pattern, init, update);
            this.init = init;
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode start = init.one(frame, in);
            return start == null ? null : reduce.result(frame, in, start);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return reduce.paths(frame, path, in, out);
        }
    }

    /** What has been made so far. */
    private static final class State {

        private JsonNode value;
        private Path path = Path.NONE;
        private @Nullable Edits edits;

        State(JsonNode start) {
            this.value = start;
        }

        int update(Frame frame, Node update) {
            JsonNode before = value;
            if (edits != null && update instanceof Growing growing) {
                JsonNode after = growing.grow(frame, before, edits);
                value = after == null ? Values.NULL : after;
                return Node.GO;
            }
            if (update instanceof Scalar scalar) {
                JsonNode after = scalar.one(frame, before);
                value = after == null ? Values.NULL : after;
                return Node.GO;
            }
            value = Values.NULL;
            return update.run(frame, before, after -> {
                value = after;
                return Node.GO;
            });
        }

        int updatePath(Frame frame, Node update) {
            JsonNode before = value;
            Path to = path;
            value = Values.NULL;
            path = Path.NONE;
            return update.paths(frame, to, before, (found, after) -> {
                value = after;
                path = found;
                return Node.GO;
            });
        }
    }

    /** {@code foreach}: each state on the way, as it is extracted. */
    static final class Foreach extends Node {

        private final Node source;
        private final Take pattern;
        private final Node init;
        private final Node update;
        private final Node extract;

        Foreach(Node source, Take pattern, Node init, Node update, Node extract) {
            super(
                    6 + pattern.height() + stacked(init, source, update, extract),
                    6
                            + pattern.height()
                            + init.pathsHeight()
                            + source.height()
                            + update.pathsHeight()
                            + extract.pathsHeight());
            this.source = source;
            this.pattern = pattern;
            this.init = init;
            this.update = update;
            this.extract = extract;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            return init.run(frame, in, start -> {
                State state = new State(start);
                return source.run(frame, in, value -> pattern.bind(frame, value, () -> next(frame, state, out)));
            });
        }

        private int next(Frame frame, State state, Sink out) {
            JsonNode before = state.value;
            state.value = Values.NULL;
            return update.run(frame, before, after -> {
                state.value = after;
                return extract.run(frame, after, out);
            });
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return init.paths(frame, path, in, (found, start) -> {
                State state = new State(start);
                state.path = found;
                return source.run(frame, in, value -> pattern.bind(frame, value, () -> nextPath(frame, state, out)));
            });
        }

        private int nextPath(Frame frame, State state, PathSink out) {
            JsonNode before = state.value;
            Path to = state.path;
            state.value = Values.NULL;
            state.path = Path.NONE;
            return update.paths(frame, to, before, (found, after) -> {
                state.value = after;
                state.path = found;
                return extract.paths(frame, found, after, out);
            });
        }
    }
}

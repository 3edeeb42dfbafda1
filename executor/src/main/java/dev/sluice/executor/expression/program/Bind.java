package dev.sluice.executor.expression.program;

import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code source as pattern | body}: the body for each value of the source. */
final class Bind extends Node {

    private final Node source;
    private final Take pattern;
    private final Node body;

    private Bind(Node source, Take pattern, Node body) {
        super(
                3 + pattern.height() + stacked(source, body),
                3 + pattern.height() + source.height() + body.pathsHeight());
        this.source = source;
        this.pattern = pattern;
        this.body = body;
    }

    static Node of(Node source, Take pattern, Node body) {
        if (source instanceof Scalar one && pattern instanceof Take.Name name) {
            return body instanceof Scalar result ? new One(one, name.slot(), result) : new Then(one, name.slot(), body);
        }
        return new Bind(source, pattern, body);
    }

    @Override
    int run(Frame frame, JsonNode in, Sink out) {
        IntSupplier rest = () -> body.run(frame, in, out);
        return source.run(frame, in, value -> pattern.bind(frame, value, rest));
    }

    @Override
    int paths(Frame frame, Path path, JsonNode in, PathSink out) {
        IntSupplier rest = () -> body.paths(frame, path, in, out);
        return source.run(frame, in, value -> pattern.bind(frame, value, rest));
    }

    /** One value to one variable; the body is the last thing to do. */
    private static final class Then extends Node {

        private final Scalar source;
        private final int slot;
        private final Node body;

        Then(Scalar source, int slot, Node body) {
            super(1 + tallest(source, body), 1 + Math.max(source.height(), body.pathsHeight()));
            this.source = source;
            this.slot = slot;
            this.body = body;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            JsonNode value = source.one(frame, in);
            frame.set(slot, value);
            return value == null ? GO : body.run(frame, in, out);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            JsonNode value = source.one(frame, in);
            frame.set(slot, value);
            return value == null ? GO : body.paths(frame, path, in, out);
        }
    }

    /** The same with one output. */
    private static final class One extends Scalar {

        private final Scalar source;
        private final int slot;
        private final Scalar body;

        One(Scalar source, int slot, Scalar body) {
            super(1 + tallest(source, body), 1 + Math.max(source.height(), body.pathsHeight()));
            this.source = source;
            this.slot = slot;
            this.body = body;
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode value = source.one(frame, in);
            frame.set(slot, value);
            return value == null ? null : body.one(frame, in);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            JsonNode value = source.one(frame, in);
            frame.set(slot, value);
            return value == null ? GO : body.paths(frame, path, in, out);
        }
    }

    /** {@code source as pattern ?// pattern … | body}: with the first pattern that neither fails nor makes the body fail. */
    static final class Alternatives extends Node {

        private final Node source;
        private final Take patterns;
        private final Node body;

        Alternatives(Node source, Take patterns, Node body) {
            super(
                    6 + patterns.height() + stacked(source, body),
                    6 + patterns.height() + source.height() + body.pathsHeight());
            this.source = source;
            this.patterns = patterns;
            this.body = body;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            return source.run(frame, in, value -> {
                Passing.Owner owner = new Passing.Owner();
                Sink passing = owner.passing(out);
                return first(frame, value, owner, () -> body.run(frame, in, passing));
            });
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return source.run(frame, in, value -> {
                Passing.Owner owner = new Passing.Owner();
                PathSink passing = owner.passing(out);
                return first(frame, value, owner, () -> body.paths(frame, path, in, passing));
            });
        }

        private int first(Frame frame, JsonNode value, Passing.Owner owner, IntSupplier rest) {
            try {
                return patterns.bind(frame, value, rest);
            } catch (Passing e) {
                throw owner.unpacked(e);
            }
        }
    }
}

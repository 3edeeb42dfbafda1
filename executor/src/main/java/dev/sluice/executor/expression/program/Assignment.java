package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.syntax.Operator;
import dev.sluice.executor.expression.value.Edits;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Paths;
import dev.sluice.executor.expression.value.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code =}, {@code |=} and the like: the input with what is at the paths of the left changed. */
final class Assignment {

    private Assignment() {}

    /** One changed value. */
    private static JsonNode edited(Frame frame, Node paths, JsonNode in, Edits edits, Change change, int at) {
        Budget budget = Node.budget(frame);
        JsonNode[] value = {in};
        List<JsonNode> gone = new ArrayList<>();
        try {
            int flow = paths.paths(frame, Path.ROOT, in, (path, found) -> {
                if (!path.isSome()) {
                    throw PathErrors.made(found);
                }
                JsonNode place = path.array(budget);
                JsonNode before = Paths.get(value[0], place, budget);
                edits.share(before);
                JsonNode to = change.from(before);
                if (to == null) {
                    budget.bytes(Values.ELEMENT);
                    gone.add(place);
                } else {
                    value[0] = edits.set(value[0], place, to);
                }
                return Node.GO;
            });
            assert flow == Node.GO;
            return gone.isEmpty() ? value[0] : Paths.delete(value[0], Values.array(gone, budget), budget);
        } catch (JqException e) {
            throw e.at(at);
        }
    }

    /** From what is there to what will be; null to delete it. */
    @FunctionalInterface
    private interface Change {
        @Nullable
        JsonNode from(JsonNode before);
    }

    /** {@code paths |= update}: the first output of the update, and nothing at all where it has none. */
    static final class Update extends Scalar {

        private final Node paths;
        private final Node update;
        private final int at;

        Update(Node paths, Node update, int at) {
            super(6 + paths.pathsHeight() + update.height());
            this.paths = paths;
            this.update = update;
            this.at = at;
        }

        @Override
        JsonNode one(Frame frame, JsonNode in) {
            return edited(
                    frame, paths, in, new Edits(budget(frame)), before -> Streams.first(update, frame, before), at);
        }
    }

    /** {@code paths = value} and {@code paths += value}: for each value, evaluated on the input. */
    static final class Set extends Node {

        private final Operator operator;
        private final Node paths;
        private final Node values;
        private final int at;

        private Set(Operator operator, Node paths, Node values, int at) {
            super(6 + paths.pathsHeight() + values.height());
            this.operator = operator;
            this.paths = paths;
            this.values = values;
            this.at = at;
        }

        static Node of(Operator operator, Node paths, Node values, int at) {
            Set set = new Set(operator, paths, values, at);
            return values instanceof Scalar one ? new OneSet(set, one) : set;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            return values.run(frame, in, value -> out.accept(changed(frame, in, value)));
        }

        private JsonNode changed(Frame frame, JsonNode in, JsonNode value) {
            return changed(frame, in, value, new Edits(budget(frame)));
        }

        private JsonNode changed(Frame frame, JsonNode in, JsonNode value, Edits edits) {
            return edited(frame, paths, in, edits, before -> result(before, value, budget(frame)), at);
        }

        private JsonNode result(JsonNode before, JsonNode value, Budget budget) {
            if (operator == Operator.ASSIGN) {
                return value;
            }
            if (operator == Operator.UPDATE_ALTERNATIVE) {
                return Values.isTrue(before) ? before : value;
            }
            return Operation.apply(operator.arithmetic(), before, value, budget);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return run(frame, in, value -> out.accept(path.to(value, in), value));
        }
    }

    /** The same with one value. */
    private static final class OneSet extends Scalar implements Growing {

        private final Set set;
        private final Scalar value;

        OneSet(Set set, Scalar value) {
            super(set.height());
            this.set = set;
            this.value = value;
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode to = value.one(frame, in);
            return to == null ? null : set.changed(frame, in, to);
        }

        @Override
        public boolean grows() {
            boolean here = set.paths instanceof Fields fields ? fields.isOfInput() : Index.isOfInput(set.paths);
            return here && value.isDetached();
        }

        @Override
        public @Nullable JsonNode grow(Frame frame, JsonNode in, Edits edits) {
            JsonNode to = value.one(frame, in);
            return to == null ? null : set.changed(frame, in, to, edits);
        }
    }
}

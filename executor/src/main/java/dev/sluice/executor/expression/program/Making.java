package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.builtin.Native;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Values;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Making arrays, objects and texts. */
final class Making {

    private Making() {}

    /** {@code [items]}: one array of all outputs. */
    static final class Collect extends Scalar {

        private final Node items;

        Collect(Node items) {
            super(2 + items.height());
            this.items = items;
        }

        @Override
        boolean isDetached() {
            return items.isDetached();
        }

        @Override
        JsonNode one(Frame frame, JsonNode in) {
            Budget budget = budget(frame);
            ArrayNode array = Values.array(0, budget);
            int flow = items.run(frame, in, value -> {
                budget.bytes(Values.ELEMENT);
                array.add(value);
                return GO;
            });
            assert flow == GO;
            return array;
        }
    }

    static Node object(List<Node> keys, List<Node> values, int at) {
        boolean one = keys.stream().allMatch(Scalar.class::isInstance)
                && values.stream().allMatch(Scalar.class::isInstance);
        if (one && Projection.fits(keys, values)) {
            return Projection.of(keys, values);
        }
        return one
                ? new OneObject(keys.toArray(Scalar[]::new), values.toArray(Scalar[]::new), at)
                : new Objects(keys.toArray(Node[]::new), values.toArray(Node[]::new), at);
    }

    private static String key(JsonNode key, int at) {
        if (!key.isString()) {
            throw new JqException("Cannot use " + Values.described(key) + " as object key").at(at);
        }
        return key.stringValue();
    }

    /** {@code {key: value, …}} where each entry has one key and one value. */
    private static final class OneObject extends Scalar {

        private final Scalar[] keys;
        private final @Nullable String[] names;
        private final Scalar[] values;
        private final int at;

        OneObject(Scalar[] keys, Scalar[] values, int at) {
            super(1 + Math.max(tallest(keys), tallest(values)));
            this.keys = keys;
            this.values = values;
            this.at = at;
            this.names = new String[keys.length];
            for (int i = 0; i < keys.length; i++) {
                names[i] =
                        keys[i] instanceof Leaves.Constant name && name.value().isString()
                                ? name.value().stringValue()
                                : null;
            }
        }

        @Override
        boolean isDetached() {
            return Arrays.stream(keys).allMatch(Node::isDetached)
                    && Arrays.stream(values).allMatch(Node::isDetached);
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            Budget budget = budget(frame);
            ObjectNode object = Values.object(keys.length, budget);
            for (int i = 0; i < keys.length; i++) {
                String name = names[i];
                JsonNode key = name == null ? keys[i].one(frame, in) : Values.NULL;
                JsonNode value = key == null ? null : values[i].one(frame, in);
                if (key == null || value == null) {
                    return null;
                }
                Values.put(object, name == null ? key(key, at) : name, value, budget);
            }
            return object;
        }
    }

    /** The same for each combination of keys and values, the first entry changing least. */
    private static final class Objects extends Node {

        private final Node[] keys;
        private final Node[] values;
        private final int at;

        Objects(Node[] keys, Node[] values, int at) {
            super(2 * keys.length + stacked(keys) + stacked(values));
            this.keys = keys;
            this.values = values;
            this.at = at;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            return entry(frame, in, 0, Values.object(budget(frame)), out);
        }

        private int entry(Frame frame, JsonNode in, int index, ObjectNode before, Sink out) {
            if (index == keys.length) {
                return out.accept(before);
            }
            return keys[index].run(
                    frame,
                    in,
                    key -> values[index].run(frame, in, value -> {
                        ObjectNode object = Values.copyObject(before, budget(frame));
                        Values.put(object, key(key, at), value, budget(frame));
                        return entry(frame, in, index + 1, object, out);
                    }));
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return run(frame, in, value -> out.accept(Path.NONE, value));
        }
    }

    /** {@code tostring}, which most parts of texts are in no need of. */
    static Node shown(Node value, Native otherwise, int at) {
        return value instanceof Scalar scalar
                ? new Shown(scalar, Natives.of(otherwise, List.of(), at))
                : Flow.pipe(List.of(value, Natives.of(otherwise, List.of(), at)));
    }

    private static final class Shown extends Scalar {

        private final Scalar value;
        private final Scalar otherwise;

        Shown(Scalar value, Node otherwise) {
            super(1 + Math.max(value.height(), otherwise.height()));
            this.value = value;
            this.otherwise = (Scalar) otherwise;
        }

        @Override
        boolean isDetached() {
            return value.isDetached();
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode shown = value.one(frame, in);
            if (shown instanceof IntNode) {
                budget(frame).bytes(Values.STRING);
                return Values.of(Integer.toString(shown.intValue()));
            }
            return shown == null || shown instanceof StringNode ? shown : otherwise.one(frame, shown);
        }
    }

    static Node text(List<Node> parts) {
        return parts.stream().allMatch(Scalar.class::isInstance)
                ? new OneText(parts.toArray(Scalar[]::new))
                : new Text(parts.toArray(Node[]::new));
    }

    /** {@code "…\(…)…"} of parts that are strings already. */
    private static final class OneText extends Scalar {

        private final Scalar[] parts;

        OneText(Scalar[] parts) {
            super(1 + tallest(parts));
            this.parts = parts;
        }

        @Override
        boolean isDetached() {
            return Arrays.stream(parts).allMatch(Node::isDetached);
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            Budget budget = budget(frame);
            String[] pieces = new String[parts.length];
            long length = 0;
            for (int i = 0; i < pieces.length; i++) {
                JsonNode value = parts[i].one(frame, in);
                if (value == null) {
                    return null;
                }
                pieces[i] = value.stringValue();
                length += pieces[i].length();
            }
            budget.characters(length);
            budget.bytes(Values.STRING);
            return Values.of(String.join("", pieces));
        }
    }

    /** The same for each combination, the last part changing least. */
    private static final class Text extends Node {

        private final Node[] parts;

        Text(Node[] parts) {
            super(2 * parts.length + stacked(parts));
            this.parts = parts;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            return part(frame, in, parts.length - 1, "", out);
        }

        private int part(Frame frame, JsonNode in, int index, String after, Sink out) {
            if (index < 0) {
                return out.accept(Values.of(after, budget(frame)));
            }
            return parts[index].run(frame, in, value -> {
                String piece = value.stringValue();
                budget(frame).characters((long) piece.length() + after.length());
                return part(frame, in, index - 1, piece.concat(after), out);
            });
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return run(frame, in, value -> out.accept(Path.NONE, value));
        }
    }
}

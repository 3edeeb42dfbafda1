package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.Access;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Numbers;
import dev.sluice.executor.expression.value.Values;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Takes a value apart into variables, as often as the keys of a pattern say. */
abstract sealed class Take {

    private final int height;

    /** With the levels of Java's stack that binding takes before it goes on. */
    Take(int height) {
        this.height = height;
    }

    final int height() {
        return height;
    }

    /** Binds, and goes on; as often as there are ways to. */
    abstract int bind(Frame frame, JsonNode value, IntSupplier next);

    /** A variable takes the value as it is. */
    static final class Name extends Take {

        private final int slot;

        Name(int slot) {
            super(1);
            this.slot = slot;
        }

        int slot() {
            return slot;
        }

        @Override
        int bind(Frame frame, JsonNode value, IntSupplier next) {
            frame.set(slot, value);
            return next.getAsInt();
        }
    }

    /** {@code [pattern, …]} */
    static final class Elements extends Take {

        private final List<Take> elements;
        private final int at;

        Elements(List<Take> elements, int at) {
            super(1
                    + 2 * elements.size()
                    + elements.stream().mapToInt(Take::height).sum());
            this.elements = List.copyOf(elements);
            this.at = at;
        }

        @Override
        int bind(Frame frame, JsonNode value, IntSupplier next) {
            return bind(frame, value, 0, next);
        }

        private int bind(Frame frame, JsonNode value, int index, IntSupplier next) {
            if (index == elements.size()) {
                return next.getAsInt();
            }
            JsonNode element = found(value, Numbers.of((long) index), Node.budget(frame), at);
            return elements.get(index).bind(frame, element, () -> bind(frame, value, index + 1, next));
        }
    }

    /** {@code {key: pattern, …}} */
    static final class Entries extends Take {

        private final List<Entry> entries;
        private final int at;

        Entries(List<Entry> entries, int at) {
            super(1 + entries.stream().mapToInt(Entry::height).sum());
            this.entries = List.copyOf(entries);
            this.at = at;
        }

        @Override
        int bind(Frame frame, JsonNode value, IntSupplier next) {
            return bind(frame, value, 0, next);
        }

        private int bind(Frame frame, JsonNode value, int index, IntSupplier next) {
            if (index == entries.size()) {
                return next.getAsInt();
            }
            Entry entry = entries.get(index);
            return entry.key().run(frame, value, key -> {
                JsonNode child = found(value, key, Node.budget(frame), at);
                entry.name().ifPresent(frame, child);
                IntSupplier rest = () -> bind(frame, value, index + 1, next);
                return entry.value() == null ? rest.getAsInt() : entry.value().bind(frame, child, rest);
            });
        }
    }

    /** The first pattern that neither fails nor makes what follows fail; variables that it lacks are null. */
    static final class Either extends Take {

        private final List<Take> patterns;
        private final int[] slots;

        Either(List<Take> patterns, int[] slots) {
            super(2 + patterns.stream().mapToInt(Take::height).max().orElse(0));
            this.patterns = List.copyOf(patterns);
            this.slots = slots.clone();
        }

        @Override
        int bind(Frame frame, JsonNode value, IntSupplier next) {
            int depth = Node.budget(frame).depth();
            for (int i = 0; ; i++) {
                Node.budget(frame).step();
                for (int slot : slots) {
                    frame.set(slot, Values.NULL);
                }
                try {
                    return patterns.get(i).bind(frame, value, next);
                } catch (JqException e) {
                    if (i == patterns.size() - 1) {
                        throw e;
                    }
                    Node.budget(frame).depth(depth);
                }
            }
        }
    }

    /**
     * One entry.
     *
     * @param name  takes the value as a whole
     * @param value takes it apart
     */
    record Entry(Node key, Slot name, @Nullable Take value) {
        int height() {
            return 4 + key.height() + (value == null ? 0 : value.height());
        }
    }

    /** A slot, or none where negative. */
    record Slot(int index) {
        void ifPresent(Frame frame, JsonNode value) {
            if (index >= 0) {
                frame.set(index, value);
            }
        }
    }

    private static JsonNode found(JsonNode value, JsonNode key, Budget budget, int at) {
        try {
            return Access.at(value, key, budget);
        } catch (JqException e) {
            throw e.at(at);
        }
    }
}

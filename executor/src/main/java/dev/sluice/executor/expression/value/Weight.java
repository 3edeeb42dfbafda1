package dev.sluice.executor.expression.value;

import dev.sluice.shared.json.Weighed;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.StringNode;

/**
 * What is remembered of a container whose parts are in their final form: its estimated size, each part counted as often as it would
 * be written, and its depth. Adds it up while the container is made; a part whose own is not known yet, or that would change its form,
 * leaves it to whoever goes over all of it.
 */
public final class Weight {

    /** More than any limit; what is larger is gone over, which ends as soon as a limit is reached. */
    private static final long LARGEST = 1L << 40;

    private static final int DEEPEST = 10_000;
    private static final int DEPTH_BITS = 16;
    private static final int DEPTH_MASK = (1 << DEPTH_BITS) - 1;

    private long size;
    private int depth = 1;
    private boolean unknown;

    private Weight(long size) {
        this.size = size;
    }

    /** Of an object of so many entries, which are to be {@linkplain #add(String, JsonNode) added}. */
    public static Weight object(int entries) {
        return new Weight(objectSize(entries));
    }

    /** An entry of the object. */
    public void add(String key, JsonNode value) {
        size += keySize(key);
        if (value instanceof Weighed container && container.weight() != 0) {
            size = Math.min(size + size(container.weight()), LARGEST + 1);
            depth = Math.max(depth, 1 + depth(container.weight()));
        } else if (value.isContainer() || value instanceof DoubleNode) {
            unknown = true;
        } else {
            size += leafSize(value);
        }
    }

    /** Has the container remember it. */
    public void note(JsonNode container) {
        if (!unknown) {
            note(container, size, depth);
        }
    }

    /** Has a container remember what was found. */
    public static void note(JsonNode container, long size, int depth) {
        if (container instanceof Weighed weighed && size <= LARGEST && depth <= DEEPEST) {
            weighed.weigh(size << DEPTH_BITS | depth);
        }
    }

    /** Whether a value has more levels of containers. */
    public static boolean isDeeper(JsonNode value, int levels) {
        if (!value.isContainer()) {
            return false;
        }
        if (value instanceof Weighed weighed && weighed.weight() != 0) {
            return depth(weighed.weight()) > levels;
        }
        if (levels == 0) {
            return true;
        }
        for (JsonNode child : value) {
            if (isDeeper(child, levels - 1)) {
                return true;
            }
        }
        return false;
    }

    /** The size in what a container remembers. */
    public static long size(long weight) {
        return weight >> DEPTH_BITS;
    }

    /** The levels of containers in what a container remembers, itself included. */
    public static int depth(long weight) {
        return (int) weight & DEPTH_MASK;
    }

    /** Bytes of an object without its keys and values. */
    public static long objectSize(int entries) {
        return Values.OBJECT + (long) Values.ENTRY * entries;
    }

    /** Bytes of an array without its elements. */
    public static long arraySize(int elements) {
        return Values.ARRAY + (long) Values.ELEMENT * elements;
    }

    /** Bytes of a key. */
    public static long keySize(String key) {
        return 2L * key.length();
    }

    /** Bytes of a value that is no container. */
    public static long leafSize(JsonNode value) {
        return value instanceof StringNode
                ? Values.STRING + 2L * value.stringValue().length()
                : Values.ELEMENT;
    }
}

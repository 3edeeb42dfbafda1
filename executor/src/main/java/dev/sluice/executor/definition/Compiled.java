package dev.sluice.executor.definition;

import dev.sluice.executor.schema.JsonSchema;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What of a document is compiled already, by JSON pointers. What is compiled anew later takes it as it is. Not thread-safe. */
record Compiled(NavigableMap<String, Task> tasks, NavigableMap<String, JsonSchema> schemas) {

    /** Nothing yet. */
    Compiled() {
        this(new TreeMap<>(), new TreeMap<>());
    }

    /** A copy of what is inside of a place. */
    Compiled inside(String pointer) {
        return new Compiled(new TreeMap<>(within(tasks, pointer)), new TreeMap<>(within(schemas, pointer)));
    }

    /** One that does not change with this. */
    Compiled copy() {
        return new Compiled(new TreeMap<>(tasks), new TreeMap<>(schemas));
    }

    private static <T> Map<String, T> within(NavigableMap<String, T> all, String pointer) {
        // The character after a slash is a zero.
        return all.subMap(pointer + '/', pointer + '0');
    }
}

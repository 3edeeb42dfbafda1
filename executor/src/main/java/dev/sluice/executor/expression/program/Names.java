package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.builtin.Definitions;
import dev.sluice.executor.expression.builtin.NativeTable;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The names of all builtins, with their arities; those of parts that others are made of begin with an underscore. */
final class Names {

    private static final Set<String> SPECIAL = Set.of(
            "all/0",
            "all/1",
            "all/2",
            "any/0",
            "any/1",
            "any/2",
            "builtins/0",
            "empty/0",
            "error/0",
            "error/1",
            "first/1",
            "getpath/1",
            "group_by/1",
            "isempty/1",
            "limit/2",
            "max_by/1",
            "min_by/1",
            "now/0",
            "path/1",
            "range/1",
            "range/2",
            "range/3",
            "recurse/0",
            "skip/2",
            "sort_by/1",
            "unique_by/1");

    /** Those that programs may use, as an array of strings in their order. */
    static final JsonNode VALUE = value();

    private Names() {}

    static Set<String> all() {
        Set<String> all = new TreeSet<>(SPECIAL);
        all.addAll(NativeTable.names());
        all.addAll(Definitions.names());
        all.removeIf(name -> name.startsWith("_"));
        return all;
    }

    private static ArrayNode value() {
        ArrayNode value = JsonNodeFactory.instance.arrayNode();
        all().forEach(value::add);
        return value;
    }
}

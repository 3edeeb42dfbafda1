package dev.sluice.executor.definition;

import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Compiles a list of named tasks. */
final class TaskListCompiler {

    private final Compilers compilers;
    private final Violations violations;

    TaskListCompiler(Compilers compilers) {
        this.compilers = compilers;
        this.violations = compilers.violations();
    }

    /** The list that a property must have: tasks in sequence, each of which may name the next. */
    TaskList compile(Fields fields, String property, Scope scope) {
        JsonNode list = list(fields, property);
        String pointer = fields.pointer(property);
        return new TaskList(tasks(list, pointer, names(list, pointer), scope));
    }

    /** The branches that a property must have: named tasks, none of which comes after another. */
    List<Task> branches(Fields fields, String property, Scope scope) {
        JsonNode list = list(fields, property);
        String pointer = fields.pointer(property);
        if (names(list, pointer).isEmpty() && fields.get(property) instanceof ArrayNode) {
            violations.report(pointer, "needs a branch");
        }
        return tasks(list, pointer, Set.of(), scope);
    }

    private JsonNode list(Fields fields, String property) {
        JsonNode value = fields.required(property);
        if (value != null && !value.isArray()) {
            violations.report(fields.pointer(property), "must be a list of tasks, not " + Fields.kind(value));
        }
        return value != null && value.isArray() ? value : Json.array();
    }

    private List<Task> tasks(JsonNode value, String pointer, Set<String> siblings, Scope scope) {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            for (Map.Entry<String, JsonNode> entry : value.get(i).properties()) {
                String place = Pointers.child(Pointers.child(pointer, i), entry.getKey());
                Task task = compilers.tasks().compile(entry.getKey(), entry.getValue(), place, siblings, scope);
                if (task != null) {
                    tasks.add(task);
                }
            }
        }
        return List.copyOf(tasks);
    }

    private Set<String> names(JsonNode list, String pointer) {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            String place = Pointers.child(pointer, i);
            if (!item.isObject() || item.size() != 1) {
                String found = item.isObject() ? item.size() + " names" : Fields.kind(item);
                violations.report(place, "must be one task under its name, not " + found);
            }
            for (String name : item.propertyNames()) {
                compilers.names().task(name, Pointers.child(place, name));
                if (!names.add(name)) {
                    violations.report(
                            Pointers.child(place, name),
                            "there is another task '" + name + "' in this list; names must differ");
                }
            }
        }
        return names;
    }
}

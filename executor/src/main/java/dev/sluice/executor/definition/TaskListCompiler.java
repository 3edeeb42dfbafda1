package dev.sluice.executor.definition;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Compiles a list of named tasks. */
final class TaskListCompiler {

    private static final TaskList NONE = new TaskList(List.of());

    private final Compilers compilers;
    private final Violations violations;

    TaskListCompiler(Compilers compilers) {
        this.compilers = compilers;
        this.violations = compilers.violations();
    }

    /** The list that a property must have. */
    TaskList compile(Fields fields, String property, Scope scope) {
        JsonNode value = fields.required(property);
        String pointer = fields.pointer(property);
        if (value == null) {
            return NONE;
        }
        if (!value.isArray()) {
            violations.report(pointer, "must be a list of tasks, not " + Fields.kind(value));
            return NONE;
        }
        Set<String> names = names(value, pointer);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            for (Map.Entry<String, JsonNode> entry : value.get(i).properties()) {
                String place = Pointers.child(Pointers.child(pointer, i), entry.getKey());
                Task task = compilers.tasks().compile(entry.getKey(), entry.getValue(), place, names, scope);
                if (task != null) {
                    tasks.add(task);
                }
            }
        }
        return new TaskList(tasks);
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

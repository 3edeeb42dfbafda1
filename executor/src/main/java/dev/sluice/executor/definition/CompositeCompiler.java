package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.Expressions;
import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles {@code for}, {@code fork}, {@code switch} and {@code try}. */
final class CompositeCompiler {

    private final Compilers compilers;
    private final Violations violations;
    private final ExpressionCompiler expressions;

    CompositeCompiler(Compilers compilers) {
        this.compilers = compilers;
        this.violations = compilers.violations();
        this.expressions = compilers.expressions();
    }

    Task loop(TaskBase base, Fields fields, Scope scope, int concurrency) {
        Fields loop = fields.object("for");
        String each = compilers.names().variable(loop, "each", "item");
        String at = compilers.names().variable(loop, "at", "index");
        if (loop != null && each.equals(at)) {
            violations.report(loop.pointer(), "'each' and 'at' must be different names");
        }
        Template in = collection(loop, scope);
        if (loop != null) {
            loop.close();
        }
        Scope inside = scope.with(each, at);
        Expression condition = expressions.optional(fields, "while", inside.definition());
        TaskList tasks = compilers.lists().compile(fields, "do", inside);
        if (concurrency > 1) {
            checkConcurrent(fields, condition, tasks);
        }
        return new Task.For(base, each, at, in, condition, concurrency, tasks);
    }

    /** What goes from one iteration to the next has no meaning when they run at the same time. */
    private void checkConcurrent(Fields fields, @Nullable Expression condition, TaskList tasks) {
        if (condition != null) {
            violations.report(fields.pointer("while"), "iterations that run at the same time cannot have 'while'");
        }
        checkNoExport(tasks.tasks());
    }

    /** What one of several that run at the same time exports would be seen by chance. */
    void checkNoExport(List<Task> tasks) {
        for (Task task : tasks) {
            if (!task.base().export().isNone()) {
                violations.report(
                        Pointers.child(task.base().reference(), "export"),
                        "iterations that run at the same time cannot export");
            }
            checkNoExport(task.inner());
        }
    }

    private Template collection(@Nullable Fields loop, Scope scope) {
        JsonNode value = loop == null ? null : loop.required("in");
        if (loop == null || value == null) {
            return (input, arguments) -> Json.array();
        }
        String pointer = loop.pointer("in");
        if (value.isString()) {
            return expressions.compile(value.stringValue(), pointer, scope.definition());
        }
        if (!value.isArray()) {
            violations.report(pointer, "must be an expression or a list, not " + Fields.kind(value));
        }
        return expressions.template(value, pointer, scope.definition());
    }

    @Nullable
    Task fork(TaskBase base, Fields fields, Scope scope) {
        Fields fork = fields.object("fork");
        if (fork == null) {
            return null;
        }
        Boolean compete = fork.bool("compete");
        List<Task> branches = compilers.lists().branches(fork, "branches", scope);
        fork.close();
        return new Task.Fork(base, branches, Boolean.TRUE.equals(compete));
    }

    Task choice(TaskBase base, Fields fields, Collection<String> siblings, Scope scope) {
        JsonNode value = fields.required("switch");
        String pointer = fields.pointer("switch");
        List<Task.Case> cases = new ArrayList<>();
        if (value == null || !value.isArray() || value.isEmpty()) {
            violations.report(pointer, "must be a list of at least one case");
            return new Task.Switch(base, cases);
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode item = value.get(i);
            String place = Pointers.child(pointer, i);
            if (!item.isObject() || item.size() != 1) {
                violations.report(place, "must be one case under its name");
            }
            for (Map.Entry<String, JsonNode> entry : item.properties()) {
                String casePointer = Pointers.child(place, entry.getKey());
                if (!names.add(entry.getKey())) {
                    violations.report(casePointer, "there is another case '" + entry.getKey() + "' in this switch");
                }
                cases.add(
                        oneCase(entry.getKey(), Fields.of(entry.getValue(), casePointer, violations), siblings, scope));
            }
        }
        checkDefaults(cases, pointer);
        return new Task.Switch(base, List.copyOf(cases));
    }

    private Task.Case oneCase(String name, Fields fields, Collection<String> siblings, Scope scope) {
        Expression when = expressions.optional(fields, "when", scope.definition());
        JsonNode required = fields.required("then");
        FlowDirective then = required == null ? null : compilers.names().directive(fields, siblings);
        fields.close();
        return new Task.Case(name, when, then == null ? FlowDirective.CONTINUE : then);
    }

    private void checkDefaults(List<Task.Case> cases, String pointer) {
        List<String> defaults = cases.stream()
                .filter(one -> one.when() == null)
                .map(Task.Case::name)
                .toList();
        if (defaults.size() > 1) {
            violations.report(
                    pointer,
                    "has " + defaults.size() + " cases without 'when' (" + String.join(", ", defaults)
                            + "); at most one can be the default");
        }
    }

    Task attempt(TaskBase base, Fields fields, Collection<String> siblings, Scope scope) {
        TaskList tasks = compilers.lists().compile(fields, "try", scope);
        JsonNode value = fields.required("catch");
        JsonNode definition = value == null ? Json.object() : value;
        Fields handler = Fields.of(definition, fields.pointer("catch"), violations);
        String as = compilers.names().variable(handler, "as", "error");
        Scope inside = scope.with(as);
        Catch compiled = new Catch(
                filter(handler.object("errors")),
                as,
                expressions.optional(handler, "when", inside.definition()),
                expressions.optional(handler, "exceptWhen", inside.definition()),
                compilers.retries().optional(handler, inside.definition()),
                handler.has("do") ? compilers.lists().compile(handler, "do", inside) : null,
                compilers.names().directive(handler, siblings));
        handler.close();
        return new Task.Try(base, tasks, compiled);
    }

    private Catch.@Nullable ErrorFilter filter(@Nullable Fields errors) {
        Fields with = errors == null ? null : errors.object("with");
        if (errors == null || with == null) {
            if (errors != null) {
                errors.close();
            }
            return null;
        }
        errors.close();
        Catch.ErrorFilter filter = new Catch.ErrorFilter(
                fixed(with, "type"),
                with.integer("status", 100, 599),
                fixed(with, "instance"),
                fixed(with, "title"),
                fixed(with, "detail"));
        with.close();
        if (filter.equals(new Catch.ErrorFilter(null, null, null, null, null))) {
            violations.report(with.pointer(), "needs one of type, status, instance, title, detail");
        }
        return filter;
    }

    private @Nullable String fixed(Fields with, String name) {
        String text = with.text(name);
        if (text != null && Expressions.isExpression(text)) {
            violations.report(with.pointer(name), "must be a fixed value; expressions belong in catch.when");
        }
        return text;
    }
}

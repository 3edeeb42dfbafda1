package dev.sluice.executor.definition;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles one task: what every task has, and what its kind has. */
final class TaskCompiler {

    /** The keyword that makes a task's kind; {@code do} comes after {@code for}, which has one too. */
    static final List<String> KINDS =
            List.of("call", "fork", "emit", "for", "listen", "raise", "run", "set", "switch", "try", "wait", "do");

    /** Iterations of one {@code for}: each has its place in the memory of its run. */
    private static final int MOST_AT_ONCE = 1_000;

    private final Compilers compilers;
    private final Violations violations;
    private final ExpressionCompiler expressions;

    TaskCompiler(Compilers compilers) {
        this.compilers = compilers;
        this.violations = compilers.violations();
        this.expressions = compilers.expressions();
    }

    /** The task, or null when it is of no kind that is available. */
    @Nullable
    Task compile(String name, JsonNode definition, String pointer, Collection<String> siblings, Scope scope) {
        Task compiled = compilers.compiled().tasks().get(pointer);
        if (compiled != null) {
            return compiled;
        }
        Fields fields = Fields.of(definition, pointer, violations);
        String kind = kind(fields);
        TaskBase base = base(name, kind == null ? "" : kind, fields, definition, siblings, scope);
        Settings settings = settings(fields, definition, kind);
        Task task = kind == null ? null : task(kind, base, fields, siblings, scope, settings);
        fields.close();
        Task whole = kind == null ? null : whole(task, kind, base, siblings, scope, settings);
        if (whole != null) {
            compilers.compiled().tasks().put(pointer, whole);
        }
        return whole;
    }

    /** The task, unless only a run can tell where documents are that it needs. */
    private @Nullable Task whole(
            @Nullable Task task,
            String kind,
            TaskBase base,
            Collection<String> siblings,
            Scope scope,
            Settings settings) {
        List<Deferral.Address> addresses = compilers.addresses().takeComputed(base.reference());
        if (addresses.isEmpty()) {
            return task;
        }
        Deferral<Task> deferral = compilers.deferral(
                addresses,
                base.reference(),
                again -> again.tasks()
                        .task(
                                kind,
                                base,
                                Fields.of(base.definition(), base.reference(), again.violations()),
                                siblings,
                                scope,
                                settings));
        Map<String, Task> inside = compilers.compiled().inside(base.reference()).tasks();
        return new Task.Deferred(base, outermost(inside), deferral);
    }

    /** Those that are in none of the others. */
    private static List<Task> outermost(Map<String, Task> tasks) {
        return tasks.values().stream()
                .filter(task -> !isWithin(task.base().reference(), tasks.keySet()))
                .toList();
    }

    private static boolean isWithin(String reference, Set<String> others) {
        String outer = Pointers.parent(reference);
        while (!outer.isEmpty() && !others.contains(outer)) {
            outer = Pointers.parent(outer);
        }
        return !outer.isEmpty();
    }

    private @Nullable String kind(Fields fields) {
        Set<String> kinds = new LinkedHashSet<>();
        for (String kind : KINDS) {
            boolean partOfFor = kind.equals("do") && kinds.contains("for");
            if (fields.has(kind) && !partOfFor) {
                kinds.add(kind);
            }
        }
        if (kinds.size() > 1) {
            violations.report(fields.pointer(), "a task does one thing, this one has " + String.join(" and ", kinds));
        }
        if (!fields.present()) {
            return null;
        }
        if (kinds.isEmpty()) {
            violations.report(fields.pointer(), "a task needs one of " + String.join(", ", KINDS));
            return null;
        }
        return kinds.iterator().next();
    }

    private TaskBase base(
            String name, String kind, Fields fields, JsonNode definition, Collection<String> siblings, Scope scope) {
        Fields input = fields.object("input");
        Fields output = fields.object("output");
        Fields export = fields.object("export");
        FlowDirective then = compilers.names().directive(fields, siblings);
        Transformation taken = compilers.transformation(input, "from", scope.input(), scope.before());
        boolean authenticates = CallCompiler.authenticates(definition);
        Transformation given = compilers.transformation(output, "as", scope.output(authenticates), scope.before());
        Transformation exported = compilers.transformation(export, "as", scope.export(authenticates), scope.before());
        return new TaskBase(
                name,
                fields.pointer(),
                kind,
                PlaceHash.of(kind, fields.pointer()),
                expressions.optional(fields, "if", scope.before()),
                taken,
                given,
                exported,
                compilers.timeouts().optional(fields, scope.definition()),
                then == null ? FlowDirective.CONTINUE : then,
                compilers.extensions().of(kind),
                definition,
                schemas(name, kind, fields.pointer(), definition, siblings, scope));
    }

    /** The same with its schemas, where only a run can tell where these are; null when there are none such. */
    private @Nullable Deferral<TaskBase> schemas(
            String name, String kind, String pointer, JsonNode definition, Collection<String> siblings, Scope scope) {
        List<Deferral.Address> addresses = compilers.addresses().takeComputed(pointer);
        return addresses.isEmpty()
                ? null
                : compilers.deferral(
                        addresses,
                        pointer,
                        again -> again.tasks()
                                .base(
                                        name,
                                        kind,
                                        Fields.of(definition, pointer, again.violations()),
                                        definition,
                                        siblings,
                                        scope));
    }

    /** What {@code metadata.sluice} says; the rest of the metadata is the author's own. */
    private static Settings settings(Fields fields, JsonNode definition, @Nullable String kind) {
        Fields metadata = fields.object("metadata");
        Fields sluice = metadata == null ? null : metadata.object("sluice");
        if (sluice == null) {
            return Settings.DEFAULT;
        }
        if (CallCompiler.GRPC.equals(definition.path("call").asString(""))) {
            sluice.allow("tls");
        }
        boolean request = CallCompiler.isRequest(definition);
        OnUnknown onUnknown = request ? sluice.choice("onUnknown", OnUnknown.class, OnUnknown.RETRY) : OnUnknown.RETRY;
        boolean journal = "set".equals(kind) && Boolean.TRUE.equals(sluice.bool("journal"));
        Integer concurrency = "for".equals(kind) ? sluice.integer("concurrency", 1, MOST_AT_ONCE) : null;
        sluice.close();
        return new Settings(onUnknown, journal, concurrency == null ? 1 : concurrency);
    }

    private record Settings(OnUnknown onUnknown, boolean journal, int concurrency) {

        static final Settings DEFAULT = new Settings(OnUnknown.RETRY, false, 1);
    }

    private @Nullable Task task(
            String kind, TaskBase base, Fields fields, Collection<String> siblings, Scope scope, Settings settings) {
        return switch (kind) {
            case "call" -> compilers.calls().compile(base, fields, scope, settings.onUnknown());
            case "emit" -> compilers.events().emit(base, fields, scope);
            case "do" -> new Task.Do(base, compilers.lists().compile(fields, "do", scope));
            case "for" -> compilers.composites().loop(base, fields, scope, settings.concurrency());
            case "fork" -> compilers.composites().fork(base, fields, scope);
            case "listen" -> compilers.events().listen(base, fields, scope);
            case "raise" -> raise(base, fields, scope);
            case "run" -> compilers.runs().compile(base, fields, scope);
            case "set" -> set(base, fields, scope, settings.journal());
            case "switch" -> compilers.composites().choice(base, fields, siblings, scope);
            case "try" -> compilers.composites().attempt(base, fields, siblings, scope);
            case "wait" -> pause(base, fields, scope);
            default -> throw new IllegalStateException("No compiler for " + kind);
        };
    }

    private @Nullable Task raise(TaskBase base, Fields fields, Scope scope) {
        Fields raise = fields.object("raise");
        JsonNode error = raise == null ? null : raise.required("error");
        if (raise == null || error == null) {
            return null;
        }
        raise.close();
        return new Task.Raise(base, compilers.errors().compile(error, raise.pointer("error"), scope.definition()));
    }

    private @Nullable Task set(TaskBase base, Fields fields, Scope scope, boolean journal) {
        JsonNode value = fields.get("set");
        if (value == null) {
            return null;
        }
        String pointer = fields.pointer("set");
        boolean expression = value.isString() && expressions.isExpression(value.stringValue(), scope.definition());
        if (!expression && !value.isObject()) {
            violations.report(pointer, "must be an object or an expression ${ }, not " + Fields.kind(value));
        }
        if (value.isObject() && value.isEmpty()) {
            violations.report(pointer, "needs a property");
        }
        return new Task.Set(base, expressions.template(value, pointer, scope.definition()), journal);
    }

    private @Nullable Task pause(TaskBase base, Fields fields, Scope scope) {
        DurationValue duration = compilers.durations().optional(fields, "wait", scope.definition());
        return duration == null ? null : new Task.Wait(base, duration);
    }
}

package dev.sluice.executor.definition;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles {@code run}: of what the specification can run there are scripts and workflows. */
final class RunCompiler {

    private static final List<String> KINDS = List.of("container", "script", "shell", "workflow");

    private final Violations violations;
    private final ScriptCompiler scripts;
    private final SubflowCompiler subflows;

    RunCompiler(Violations violations, ScriptCompiler scripts, SubflowCompiler subflows) {
        this.violations = violations;
        this.scripts = scripts;
        this.subflows = subflows;
    }

    @Nullable
    Task compile(TaskBase base, Fields fields, Scope scope) {
        Fields run = fields.object("run");
        if (run == null) {
            return null;
        }
        boolean await = !Boolean.FALSE.equals(run.bool("await"));
        ProcessOutput output = run.choice("return", ProcessOutput.class, ProcessOutput.STDOUT);
        String kind = kind(run);
        run.close();
        return switch (kind) {
            case "script" -> script(base, run, await, output, scope);
            case "workflow" -> subflows.compile(base, run, await, output, scope);
            case "container" -> refused(run, kind, "no containers are run here");
            case "shell" -> refused(run, kind, "no commands of a shell are run here");
            default -> null;
        };
    }

    /** The one thing to run; empty for what is reported. */
    private String kind(Fields run) {
        Set<String> kinds = new LinkedHashSet<>();
        for (String kind : KINDS) {
            if (run.has(kind)) {
                kinds.add(kind);
            }
        }
        if (kinds.isEmpty() && run.present()) {
            violations.report(run.pointer(), "needs one of " + String.join(", ", KINDS));
        }
        if (kinds.size() > 1) {
            violations.report(run.pointer(), "runs one thing, this one has " + String.join(" and ", kinds));
        }
        return kinds.size() == 1 ? kinds.iterator().next() : "";
    }

    private @Nullable Task refused(Fields run, String kind, String reason) {
        violations.report(run.pointer(kind), "'" + kind + "' is not available: " + reason);
        return null;
    }

    private @Nullable Task script(TaskBase base, Fields run, boolean await, ProcessOutput output, Scope scope) {
        Fields fields = run.object("script");
        Script script = fields == null ? null : scripts.compile(fields, await, output, scope.call());
        return script == null ? null : new Task.MakeCall(base, script, OnUnknown.RETRY);
    }
}

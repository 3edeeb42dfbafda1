package dev.sluice.executor.definition;

import dev.sluice.shared.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles {@code run: workflow}. */
final class SubflowCompiler {

    private final Violations violations;
    private final ExpressionCompiler expressions;

    SubflowCompiler(Violations violations, ExpressionCompiler expressions) {
        this.violations = violations;
        this.expressions = expressions;
    }

    @Nullable
    Task compile(TaskBase base, Fields run, boolean await, ProcessOutput output, Scope scope) {
        Fields workflow = run.object("workflow");
        if (workflow == null) {
            return null;
        }
        String namespace = workflow.requiredText("namespace");
        String name = workflow.requiredText("name");
        String version = workflow.requiredText("version");
        JsonNode input = workflow.get("input");
        workflow.close();
        if (input != null && !input.isObject() && !input.isString()) {
            violations.report(
                    workflow.pointer("input"), "must be an object or an expression, not " + Fields.kind(input));
        }
        if (namespace == null || name == null || version == null) {
            return null;
        }
        Names names = new Names(violations);
        names.plain(namespace, workflow.pointer("namespace"));
        names.plain(name, workflow.pointer("name"));
        names.plain(version, workflow.pointer("version"));
        return new Task.RunWorkflow(
                base,
                new WorkflowName(namespace, name, version),
                expressions.template(
                        input == null ? Json.object() : input, workflow.pointer("input"), scope.definition()),
                await,
                output);
    }
}

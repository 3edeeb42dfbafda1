package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expressions;
import dev.sluice.executor.expression.Template;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles {@code run: script} (DSL reference, "Script Process"). */
final class ScriptCompiler {

    private final Violations violations;
    private final ExpressionCompiler expressions;
    private final ResourceCompiler resources;

    ScriptCompiler(Violations violations, ExpressionCompiler expressions, ResourceCompiler resources) {
        this.violations = violations;
        this.expressions = expressions;
        this.resources = resources;
    }

    /** The script; null while its source has yet to be fetched, and for what is reported. */
    @Nullable
    Script compile(Fields script, boolean await, ProcessOutput output, Set<String> variables) {
        boolean known = isJavaScript(script);
        String pointer = script.pointer(script.has("code") ? "code" : "source");
        String code = code(script, variables);
        Template stdin = stdin(script, variables);
        Template arguments = arguments(script, variables);
        Template environment = environment(script, variables);
        script.close();
        return known && code != null && isScript(code, pointer)
                ? new Script(code, stdin, arguments, environment, await, output)
                : null;
    }

    private boolean isJavaScript(Fields script) {
        String language = script.requiredText("language");
        if (language == null || language.equals("js")) {
            return language != null;
        }
        violations.report(
                script.pointer("language"),
                language.equals("python")
                        ? "scripts in Python are not available; those in JavaScript ('js') are"
                        : "there are no scripts in '" + language + "'; the specification has js and python");
        return false;
    }

    private @Nullable String code(Fields script, Set<String> variables) {
        boolean inline = script.has("code");
        if (inline == script.has("source")) {
            violations.report(
                    script.pointer(),
                    inline ? "has 'code' and 'source'; one of them" : "'code' or 'source' is missing");
            return null;
        }
        if (!inline) {
            return resources.text(script, "source", variables);
        }
        String code = script.text("code");
        if (code != null && Expressions.isExpression(code)) {
            violations.report(script.pointer("code"), "must be the script itself, not an expression that gives one");
            return null;
        }
        return code;
    }

    private boolean isScript(String code, String pointer) {
        String problem = resources.scripts().of(code);
        if (problem != null) {
            violations.report(pointer, "not a script in JavaScript: " + problem);
        }
        return problem == null;
    }

    private @Nullable Template stdin(Fields script, Set<String> variables) {
        String text = script.text("stdin");
        JsonNode value = script.get("stdin");
        return text == null || value == null ? null : expressions.template(value, script.pointer("stdin"), variables);
    }

    private @Nullable Template arguments(Fields script, Set<String> variables) {
        JsonNode value = script.get("arguments");
        if (value == null) {
            return null;
        }
        String pointer = script.pointer("arguments");
        if (!value.isArray()) {
            violations.report(pointer, "must be a list of strings, not " + Fields.kind(value));
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            var _ = Fields.text(value.get(i), Pointers.child(pointer, i), violations);
        }
        return expressions.template(value, pointer, variables);
    }

    private @Nullable Template environment(Fields script, Set<String> variables) {
        JsonNode value = script.get("environment");
        if (value == null) {
            return null;
        }
        String pointer = script.pointer("environment");
        if (!value.isObject()) {
            violations.report(pointer, "must be an object, not " + Fields.kind(value));
        }
        return expressions.template(value, pointer, variables);
    }
}

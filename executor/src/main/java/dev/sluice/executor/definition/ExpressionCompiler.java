package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.expression.ExpressionMode;
import dev.sluice.executor.expression.Expressions;
import dev.sluice.executor.expression.Template;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles the expressions of a document and reports those that do not compile. */
final class ExpressionCompiler {

    private static final Expression INVALID = (input, arguments) -> {
        throw new ExpressionException("The expression did not compile");
    };

    /** Possessive, so that no run of spaces is divided in all ways there are. */
    private static final Pattern SECRET = Pattern.compile(
            "\\$secrets\\s*+(?:\\.\\s*+([A-Za-z_][A-Za-z0-9_]*+)|(?:\\.\\s*+)?(?:\\[\\s*+)?\"([^\"\\\\]++)\")");

    private final Violations violations;
    private final ExpressionMode mode;
    private final Reusables reusables;

    ExpressionCompiler(Violations violations, ExpressionMode mode, Reusables reusables) {
        this.violations = violations;
        this.reusables = reusables;
        this.mode = mode;
    }

    /** One that keeps to itself what does not compile. */
    ExpressionCompiler unreported() {
        return new ExpressionCompiler(new Violations(Map.of()), mode, reusables);
    }

    /** Whether a string stands for what it evaluates to: <code>${ }</code>, and in loose mode whatever compiles. */
    boolean isExpression(String text, Set<String> variables) {
        return Expressions.isExpression(text)
                || (mode == ExpressionMode.LOOSE && Expressions.isProgram(text, variables));
    }

    /** A property that is always an expression, with or without <code>${ }</code>; null when it is absent. */
    @Nullable
    Expression optional(Fields fields, String name, Set<String> variables) {
        if (!fields.has(name)) {
            return null;
        }
        String source = fields.text(name);
        return source == null ? INVALID : compile(source, fields.pointer(name), variables);
    }

    /** An expression, with or without <code>${ }</code>. */
    Expression compile(String source, String pointer, Set<String> variables) {
        checkSecrets(source, pointer);
        try {
            return Expressions.compile(source, variables);
        } catch (ExpressionException e) {
            report(pointer, Objects.requireNonNullElse(e.getMessage(), ""));
            return INVALID;
        }
    }

    /** An expression for the array of all that it gives; null when it is absent. */
    @Nullable
    Expression optionalAll(Fields fields, String name, Set<String> variables) {
        String source = fields.text(name);
        if (source == null) {
            return null;
        }
        checkSecrets(source, fields.pointer(name));
        try {
            return Expressions.compileAll(source, variables);
        } catch (ExpressionException e) {
            report(fields.pointer(name), Objects.requireNonNullElse(e.getMessage(), ""));
            return INVALID;
        }
    }

    /** A value in which only strings of the form <code>${ }</code> are expressions; in loose mode each that compiles. */
    Template template(JsonNode value, String pointer, Set<String> variables) {
        checkSecrets(value, pointer);
        return Expressions.template(value, pointer, variables, mode, this::report);
    }

    /** {@code from} and {@code as}: an expression as text, or an object with expressions in it; null when absent. */
    @Nullable
    Template transformation(Fields fields, String name, Set<String> variables) {
        JsonNode value = fields.get(name);
        if (value == null) {
            return null;
        }
        String pointer = fields.pointer(name);
        if (value.isString() && mode == ExpressionMode.STRICT) {
            return compile(value.stringValue(), pointer, variables);
        }
        if (!value.isObject() && !value.isString()) {
            violations.report(pointer, "must be an expression or an object, not " + Fields.kind(value));
        }
        return template(value, pointer, variables);
    }

    private void checkSecrets(JsonNode value, String pointer) {
        if (value.isString()) {
            checkSecrets(value.stringValue(), pointer);
        } else if (value.isObject()) {
            value.properties()
                    .forEach(member -> checkSecrets(member.getValue(), Pointers.child(pointer, member.getKey())));
        } else {
            for (int i = 0; i < value.size(); i++) {
                checkSecrets(value.get(i), Pointers.child(pointer, i));
            }
        }
    }

    /** Those that are named as such must be declared; a name that is computed is looked for when the run asks. */
    private void checkSecrets(String source, String pointer) {
        Matcher named = SECRET.matcher(source);
        while (named.find()) {
            reusables.checkSecret(named.group(1) == null ? named.group(2) : named.group(1), pointer);
        }
    }

    private void report(String pointer, String reason) {
        String where = "";
        if (reason.startsWith("$secrets is")) {
            where = "; it is there in input.from, in arguments of calls and in authentication";
        } else if (reason.startsWith("$authorization is")) {
            where = "; it is there in arguments of calls that authenticate, their output.as and their export.as";
        }
        violations.report(pointer, "invalid expression: " + reason + where);
    }
}

package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Template;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what calls of methods have in common. */
final class RpcFields {

    private RpcFields() {}

    /** The method that is called, one of some; empty for what is reported. */
    static String method(Fields with, List<String> methods, Violations violations) {
        String text = with.requiredText("method");
        return text == null ? "" : word(text, with.pointer("method"), methods, violations);
    }

    /** A word that is one of some, and reported otherwise. */
    static String word(String text, String pointer, List<String> words, Violations violations) {
        if (!words.contains(text)) {
            violations.report(
                    pointer,
                    "'" + text + "' is not one of " + String.join(", ", words) + Suggestions.didYouMean(text, words));
        }
        return text;
    }

    /** What gives the parameters: an object, or an expression; null when there are none. */
    static @Nullable Template parameters(
            Fields with, Set<String> variables, ExpressionCompiler expressions, Violations violations) {
        JsonNode parameters = with.get("parameters");
        if (parameters == null) {
            return null;
        }
        String pointer = with.pointer("parameters");
        boolean expression = parameters.isString() && expressions.isExpression(parameters.stringValue(), variables);
        if (!parameters.isObject() && !expression) {
            violations.report(pointer, "must be an object or an expression ${ }, not " + Fields.kind(parameters));
        }
        return expressions.template(parameters, pointer, variables);
    }
}

package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expressions;
import dev.sluice.executor.expression.Template;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles the {@code with} of {@code call: http}. */
final class HttpCallCompiler {

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern HEADER_VALUE = Pattern.compile("[^\\p{Cntrl}]*");

    private final Violations violations;
    private final ExpressionCompiler expressions;
    private final EndpointCompiler endpoints;

    HttpCallCompiler(Violations violations, ExpressionCompiler expressions, EndpointCompiler endpoints) {
        this.violations = violations;
        this.expressions = expressions;
        this.endpoints = endpoints;
    }

    HttpCall compile(Fields with, Set<String> around) {
        HttpCall.Output output = with.choice("output", HttpCall.Output.class, HttpCall.Output.CONTENT);
        boolean redirect = Boolean.TRUE.equals(with.bool("redirect"));
        HttpCall call = request(with, around, output, redirect);
        with.close();
        return call;
    }

    /** The same of a call that has other properties too. */
    HttpCall request(Fields with, Set<String> around, HttpCall.Output output, boolean redirect) {
        Authentication authentication = endpoints.authentication(with, "endpoint", around);
        Set<String> variables = authentication == null ? around : Scope.authenticated(around);
        return new HttpCall(
                method(with),
                null,
                endpoints.uri(with, "endpoint", variables),
                headers(with, variables),
                body(with, variables),
                map(with, "query", variables),
                authentication,
                output,
                redirect);
    }

    private String method(Fields with) {
        String text = with.requiredText("method");
        String method = text == null ? "GET" : text.toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            violations.report(
                    with.pointer("method"),
                    "'" + text + "' is not one of " + String.join(", ", METHODS)
                            + Suggestions.didYouMean(method, METHODS));
        }
        return method;
    }

    private @Nullable Template body(Fields with, Set<String> variables) {
        JsonNode value = with.get("body");
        return value == null ? null : expressions.template(value, with.pointer("body"), variables);
    }

    /** An object of header values, or an expression that gives one; null when there are none. */
    @Nullable
    Template headers(Fields with, Set<String> variables) {
        return map(with, "headers", variables);
    }

    /** Headers or query parameters: an object of scalars, or an expression that gives one. */
    @Nullable
    Template map(Fields with, String name, Set<String> variables) {
        JsonNode value = with.get(name);
        if (value == null) {
            return null;
        }
        String pointer = with.pointer(name);
        boolean expression = value.isString() && expressions.isExpression(value.stringValue(), variables);
        if (!expression && !value.isObject()) {
            violations.report(pointer, "must be an object or an expression ${ }, not " + Fields.kind(value));
        }
        for (var property : value.properties()) {
            check(name, property.getKey(), property.getValue(), Pointers.child(pointer, property.getKey()));
        }
        return expressions.template(value, pointer, variables);
    }

    private static boolean isScalar(JsonNode value) {
        return value.isString() || value.isNumber() || value.isBoolean();
    }

    private void check(String kind, String name, JsonNode value, String pointer) {
        boolean repeated = kind.equals("query") && value.isArray();
        if (!repeated && !isScalar(value)) {
            violations.report(pointer, "must be a string, not " + Fields.kind(value));
        }
        if (!kind.equals("headers")) {
            return;
        }
        if (!HEADER_NAME.matcher(name).matches()) {
            violations.report(pointer, "'" + name + "' is not a valid header name");
        }
        boolean literal = value.isString() && !Expressions.isExpression(value.stringValue());
        if (literal && !HEADER_VALUE.matcher(value.stringValue()).matches()) {
            violations.report(pointer, "a header's value must not have control characters");
        }
    }
}

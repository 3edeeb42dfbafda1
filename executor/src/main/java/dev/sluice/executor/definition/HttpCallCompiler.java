package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.expression.Expressions;
import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
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
    private final AuthenticationCompiler authentications;

    HttpCallCompiler(Violations violations, ExpressionCompiler expressions, AuthenticationCompiler authentications) {
        this.violations = violations;
        this.expressions = expressions;
        this.authentications = authentications;
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
        Authentication authentication = authentication(with, around);
        Set<String> variables = authentication == null ? around : Scope.authenticated(around);
        return new HttpCall(
                method(with),
                null,
                endpoint(with, variables),
                map(with, "headers", variables),
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

    private Template endpoint(Fields with, Set<String> variables) {
        JsonNode value = with.required("endpoint");
        String pointer = with.pointer("endpoint");
        if (value != null && value.isObject()) {
            Fields endpoint = Fields.of(value, pointer, violations);
            endpoint.allow("authentication");
            value = endpoint.required("uri");
            pointer = endpoint.pointer("uri");
            endpoint.close();
        }
        String uri = value == null ? null : Fields.text(value, pointer, violations);
        if (uri == null) {
            return (input, arguments) -> Json.string("");
        }
        return expressions.isExpression(uri, variables)
                ? text(expressions.compile(uri, pointer, variables))
                : literal(uri, pointer);
    }

    private @Nullable Authentication authentication(Fields with, Set<String> variables) {
        JsonNode endpoint = with.get("endpoint");
        return endpoint != null && endpoint.isObject()
                ? authentications.optional(Fields.of(endpoint, with.pointer("endpoint"), violations), variables)
                : null;
    }

    private static Template text(Expression expression) {
        return (input, arguments) -> {
            JsonNode value = expression.evaluate(input, arguments);
            if (!value.isString()) {
                throw new ExpressionException("The endpoint must be a string, not " + Fields.kind(value));
            }
            return value;
        };
    }

    private Template literal(String text, String pointer) {
        try {
            UriTemplate template = UriTemplate.parse(text);
            URI sample = template.sample();
            String scheme = sample.getScheme();
            boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
            if (!http || sample.getRawAuthority() == null) {
                violations.report(pointer, "must be an absolute http or https URI");
            }
            return template;
        } catch (IllegalArgumentException | URISyntaxException e) {
            violations.report(pointer, Objects.requireNonNullElse(e.getMessage(), ""));
            return (input, arguments) -> Json.string(text);
        }
    }

    private @Nullable Template body(Fields with, Set<String> variables) {
        JsonNode value = with.get("body");
        return value == null ? null : expressions.template(value, with.pointer("body"), variables);
    }

    /** Headers or query parameters: an object of scalars, or an expression that gives one. */
    private @Nullable Template map(Fields with, String name, Set<String> variables) {
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
